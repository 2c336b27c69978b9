/* Log lines and where they go. The floors write lines; only the owner of the process chooses the
   sink: a terminal for the binaries, a bounded queue for a host of the library. */
#ifndef COYOTE_BASE_LOG_H
#define COYOTE_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

enum log_field_kind {
    LOG_FIELD_TEXT,
    LOG_FIELD_INTEGER,
    LOG_FIELD_NUMBER,
    LOG_FIELD_BOOLEAN,
    LOG_FIELD_JSON /* what the others can't hold: `text` is JSON */
};

/* A fact of a line by itself, for programs that read the log. */
struct log_field {
    const char *name; /* none of time, level, service, pid, text: such a one is dropped */
    enum log_field_kind kind;
    union {
        struct bytes text; /* any bytes */
        int64_t integer;
        double number;
        bool boolean;
    } value;
};

/* Borrowed: valid during the sink's call. */
struct log_line {
    enum log_level level;
    int64_t time;        /* wall clock, nanoseconds since 1970 */
    const char *service; /* NULL: the server itself */
    pid_t pid;           /* of the worker it is about, 0 when none */
    struct bytes text;   /* any bytes: a worker's output too */
    const struct log_field
        *fields; /* what the text says, in parts; JSON has them as members, people
                                       read the text alone */
    size_t field_count;
    bool context;            /* the fields say more than the text: people get them too, behind it */
    const char *fields_json; /* where the fields themselves are gone: a JSON object of them; NULL */
};

/* The base of every sink; `write` may be called at any time from the thread of the loop. */
struct log {
    enum log_level minimum;
    void (*write)(struct log *log, const struct log_line *line);
};

/* A NULL log drops the line. */
__attribute__((format(printf, 5, 6))) void log_write(struct log *log, enum log_level level,
                                                     const char *service, pid_t pid,
                                                     const char *format, ...);

/* The same for bytes that are already at hand. */
void log_bytes(struct log *log, enum log_level level, const char *service, pid_t pid,
               struct bytes text);

/* And with fields. */
void log_fields(struct log *log, enum log_level level, const char *service, pid_t pid,
                struct bytes text, const struct log_field *fields, size_t field_count);

/* And with fields that say more than the text. */
void log_context(struct log *log, enum log_level level, const char *service, pid_t pid,
                 struct bytes text, const struct log_field *fields, size_t field_count);

/* "debug", "info", "warning", "error". */
const char *log_level_name(enum log_level level);

/* false: no such level. */
bool log_level_parse(const char *name, enum log_level *level);

#endif
