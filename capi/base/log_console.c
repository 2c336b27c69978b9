#include "base/log_console.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/list.h"
#include "base/utf8.h"
#include "log_json.h"

static const char *const level_colours[] = {"\033[2m", "\033[32m", "\033[33m", "\033[1;31m"};

/* Bytes of a worker may hold terminal escapes and broken UTF-8; neither reaches the reader. */
static int append_readable(struct buffer *to, struct bytes text)
{
    static const struct bytes replacement = {"\xef\xbf\xbd", 3};
    const unsigned char *data = text.data;
    int status = STATUS_OK;
    for (size_t i = 0; i < text.size && status == STATUS_OK;) {
        size_t length = utf8_length(data + i, text.size - i);
        if (length == 0) {
            status = buffer_append(to, replacement);
            i++;
        } else if ((data[i] < 0x20 || data[i] == 0x7f) && data[i] != '\t') {
            status = buffer_print(to, data[i] == '\n' ? "\n    " : "\\x%02x", data[i]);
            i++;
        } else {
            status = buffer_append(to, (struct bytes){data + i, length});
            i += length;
        }
    }
    return status;
}

static int print_time(struct buffer *to, int64_t wall)
{
    time_t seconds = (time_t)(wall / CLOCK_SECOND);
    struct tm parts;
    char text[64];
    gmtime_r(&seconds, &parts);
    strftime(text, sizeof text, "%H:%M:%S", &parts);
    return buffer_print(to, "%s.%03dZ", text, (int)(wall / CLOCK_MILLISECOND % 1000));
}

/* Behind the text, as JSON: `paid {"order":17}`. */
static int print_context(struct buffer *to, const struct log_line *line)
{
    struct buffer fields = {0};
    int status = log_json_print_fields(&fields, line);
    struct bytes text = buffer_unread(&fields);
    if (status == STATUS_OK && text.size > 0) {
        status = buffer_print(to, " ");
        status = status != STATUS_OK ? status : append_readable(to, text);
    }
    buffer_free(&fields);
    return status;
}

static int print_text(struct log_console *console, const struct log_line *line)
{
    struct buffer *to = &console->line;
    const char *on = console->colour ? level_colours[line->level] : "";
    const char *dim = console->colour ? "\033[2m" : "";
    const char *off = console->colour ? "\033[0m" : "";
    int status = buffer_print(to, "%s", dim);
    status = status != STATUS_OK ? status : print_time(to, line->time);
    if (status == STATUS_OK) {
        status = buffer_print(to, "%s %s%-7s%s ", off, on, log_level_name(line->level), off);
    }
    if (status == STATUS_OK && line->service != NULL) {
        status = line->pid > 0 ? buffer_print(to, "%s[%d]: ", line->service, (int)line->pid)
                               : buffer_print(to, "%s: ", line->service);
    }
    status = status != STATUS_OK ? status : append_readable(to, line->text);
    status = status != STATUS_OK || !line->context ? status : print_context(to, line);
    return status != STATUS_OK ? status : buffer_print(to, "\n");
}

static void put(struct log_console *console, const struct log_line *line)
{
    buffer_reset(&console->line);
    int status = console->format == LOG_FORMAT_JSON ? log_json_print(&console->line, line)
                                                    : print_text(console, line);
    log_stream_write(&console->stream, status == STATUS_OK
                                           ? buffer_unread(&console->line)
                                           : bytes_of_text("a log line was lost: out of memory\n"));
}

static void tell_lost(struct log_console *console)
{
    char text[80];
    int size = snprintf(text, sizeof text, "%" PRIu64 " log line%s lost: nobody read them",
                        console->stream.lost, console->stream.lost == 1 ? " was" : "s were");
    const struct log_line line = {
        .level = LOG_LEVEL_WARNING, .time = clock_wall(), .text = {text, (size_t)size}};
    console->stream.lost = 0;
    put(console, &line);
}

static void console_write(struct log *log, const struct log_line *line)
{
    struct log_console *console = container_of(log, struct log_console, log);
    if (!log_stream_ready(&console->stream)) {
        return;
    }
    if (console->stream.lost > 0) {
        tell_lost(console);
        if (!log_stream_ready(&console->stream)) {
            return;
        }
    }
    put(console, line);
}

void log_console_init(struct log_console *console, int fd, enum log_format format,
                      enum log_level minimum)
{
    const char *no_colour = getenv("NO_COLOR");
    *console = (struct log_console){
        .log = {.minimum = minimum, .write = console_write},
        .format = format,
        .stream = {.fd = fd},
        .colour = isatty(fd) == 1 && (no_colour == NULL || no_colour[0] == '\0'),
    };
}

void log_console_free(struct log_console *console)
{
    buffer_free(&console->line);
}

bool log_format_parse(const char *name, enum log_format *format)
{
    if (strcmp(name, "text") == 0) {
        *format = LOG_FORMAT_TEXT;
        return true;
    }
    if (strcmp(name, "json") == 0) {
        *format = LOG_FORMAT_JSON;
        return true;
    }
    return false;
}
