#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static const char *const level_names[] = {"debug", "info", "warning", "error"};

static void put(struct log *log, struct log_line line)
{
    if (log == NULL || line.level < log->minimum) {
        return;
    }
    line.time = clock_wall();
    log->write(log, &line);
}

void log_fields(struct log *log, enum log_level level, const char *service, pid_t pid,
                struct bytes text, const struct log_field *fields, size_t field_count)
{
    put(log, (struct log_line){.level = level,
                               .service = service,
                               .pid = pid,
                               .text = text,
                               .fields = fields,
                               .field_count = field_count});
}

void log_context(struct log *log, enum log_level level, const char *service, pid_t pid,
                 struct bytes text, const struct log_field *fields, size_t field_count)
{
    put(log, (struct log_line){.level = level,
                               .service = service,
                               .pid = pid,
                               .text = text,
                               .fields = fields,
                               .field_count = field_count,
                               .context = field_count > 0});
}

void log_bytes(struct log *log, enum log_level level, const char *service, pid_t pid,
               struct bytes text)
{
    log_fields(log, level, service, pid, text, NULL, 0);
}

void log_write(struct log *log, enum log_level level, const char *service, pid_t pid,
               const char *format, ...)
{
    if (log == NULL || level < log->minimum) {
        return;
    }
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int size = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (size < 0) {
        log_bytes(log, level, service, pid, bytes_of_text("a log line was lost: out of memory"));
        return;
    }
    log_bytes(log, level, service, pid, (struct bytes){text, (size_t)size});
    free(text);
}

const char *log_level_name(enum log_level level)
{
    return level_names[level];
}

bool log_level_parse(const char *name, enum log_level *level)
{
    for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}
