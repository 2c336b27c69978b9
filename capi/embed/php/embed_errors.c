#include "embed_errors.h"

#include <php.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct embed_runtime *current;
static void (*php_handler)(int type, zend_string *file, const uint32_t line, zend_string *message);

void embed_errors_fail(struct embed_runtime *runtime, const char *format, ...)
{
    if (runtime->failed) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    runtime->failed = true;
    if (vasprintf(&runtime->failure, format, arguments) < 0) {
        runtime->failure = NULL;
    }
    va_end(arguments);
}

void embed_errors_forget(struct embed_runtime *runtime)
{
    free(runtime->failure);
    runtime->failure = NULL;
    runtime->failed = false;
}

/* An uncaught exception's message names its place and goes on with the trace, which the log has
   already; the others don't say where. */
static void remember(const char *kind, const char *file, uint32_t line, const char *message)
{
    const char *trace = strstr(message, "\nStack trace:");
    if (trace != NULL) {
        embed_errors_fail(current, "%s: %.*s", kind, (int)(trace - message), message);
    } else {
        embed_errors_fail(current, "%s: %s in %s on line %u", kind, message, file, line);
    }
}

static void on_error(int type, zend_string *file, const uint32_t line, zend_string *message)
{
    const char *where = file == NULL ? "unknown" : ZSTR_VAL(file);
    switch (type & E_ALL) {
    case E_ERROR:
    case E_CORE_ERROR:
    case E_COMPILE_ERROR:
    case E_USER_ERROR:
    case E_RECOVERABLE_ERROR:
        remember("PHP Fatal error", where, line, ZSTR_VAL(message));
        break;
    case E_PARSE:
        remember("PHP Parse error", where, line, ZSTR_VAL(message));
        break;
    default:
        break;
    }
    /* Displaying an error and logging it come to the same log here: it goes there once, with its
       level, unless the application has an error log of its own. */
    uint8_t display = PG(display_errors);
    bool log = PG(log_errors);
    if (PG(error_log) == NULL || PG(error_log)[0] == '\0') {
        PG(log_errors) = log || display;
        PG(display_errors) = 0;
    }
    bool bailed = false;
    zend_try
    {
        php_handler(type, file, line, message);
    }
    zend_catch
    {
        bailed = true;
    }
    zend_end_try();
    PG(display_errors) = display;
    PG(log_errors) = log;
    if (bailed) {
        zend_bailout();
    }
}

void embed_errors_install(struct embed_runtime *runtime)
{
    current = runtime;
    php_handler = zend_error_cb;
    zend_error_cb = on_error;
}
