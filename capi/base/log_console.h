/* The log of a process that owns its stderr: readable text, or a JSON object a line. */
#ifndef COYOTE_BASE_LOG_CONSOLE_H
#define COYOTE_BASE_LOG_CONSOLE_H

#include "base/buffer.h"
#include "base/log.h"
#include "base/log_stream.h"

enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

struct log_console {
    struct log log;
    enum log_format format;
    struct log_stream stream;
    bool colour;
    struct buffer line; /* kept between lines */
};

/* Colour when fd is a terminal and NO_COLOR is not set (https://no-color.org). */
void log_console_init(struct log_console *console, int fd, enum log_format format,
                      enum log_level minimum);
void log_console_free(struct log_console *console);

/* false: no such format. "text", "json". */
bool log_format_parse(const char *name, enum log_format *format);

#endif
