#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text_print(const char *format, va_list arguments)
{
    char *text = NULL;
    return vasprintf(&text, format, arguments) < 0 ? NULL : text;
}

static int error_replace(struct error *error, int status, char *text)
{
    if (error == NULL) {
        free(text);
        return status;
    }
    free(error->text);
    error->status = status;
    error->text = text;
    return status;
}

int error_set(struct error *error, int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = error == NULL ? NULL : text_print(format, arguments);
    va_end(arguments);
    return error_replace(error, status, text);
}

const char *error_advice(int errno_value)
{
    return errno_value == EMFILE
               ? ": raise this process's limit of open files (ulimit -n; LimitNOFILE of systemd)"
               : "";
}

int error_system(struct error *error, int errno_value, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = error == NULL ? NULL : text_print(format, arguments);
    va_end(arguments);
    error_replace(error, STATUS_ESYSTEM, text);
    if (text != NULL) {
        char *whole = NULL;
        if (asprintf(&whole, "%s: %s%s", text, strerror(errno_value), error_advice(errno_value)) >=
            0) {
            error_replace(error, STATUS_ESYSTEM, whole);
        }
    }
    return STATUS_ESYSTEM;
}

int error_memory(struct error *error)
{
    return error_replace(error, STATUS_EMEMORY, NULL);
}

int error_prefix(struct error *error, const char *format, ...)
{
    if (error == NULL) {
        return STATUS_EINVAL;
    }
    va_list arguments;
    va_start(arguments, format);
    char *prefix = text_print(format, arguments);
    va_end(arguments);
    char *whole = NULL;
    if (prefix != NULL && asprintf(&whole, "%s%s", prefix, error_text(error)) >= 0) {
        error_replace(error, error->status, whole);
    }
    free(prefix);
    return error->status;
}

int error_join(struct error *error, const struct error *more)
{
    if (error == NULL || error->status == STATUS_OK) {
        return error_set(error, more->status, "%s", error_text(more));
    }
    return error_set(error, error->status, "%s\n%s", error_text(error), error_text(more));
}

const char *error_text(const struct error *error)
{
    if (error->text != NULL) {
        return error->text;
    }
    return error->status == STATUS_OK ? "no error" : "out of memory";
}

void error_move(struct error *to, struct error *from)
{
    if (to == NULL) {
        error_clear(from);
        return;
    }
    error_clear(to);
    *to = *from;
    *from = (struct error){0};
}

void error_clear(struct error *error)
{
    free(error->text);
    *error = (struct error){0};
}
