#include "server_log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "service/server/server_log_section.h"

void server_log_init(struct log_console *console, const struct server_options *options)
{
    log_console_init(console, STDERR_FILENO,
                     options->log_format_given ? options->log_format : LOG_FORMAT_TEXT,
                     options->log_level_given ? options->log_level : LOG_LEVEL_INFO);
}

int server_log_configure(struct log_console *console, const struct server_options *options,
                         struct config *config, struct error *error)
{
    const char *level = NULL;
    const char *format = NULL;
    int status = server_log_section_read(config, &level, &format, error);
    if (level != NULL && !options->log_level_given) {
        log_level_parse(level, &console->log.minimum);
    }
    if (format != NULL && !options->log_format_given) {
        log_format_parse(format, &console->format);
    }
    return status;
}

void server_log_complain(struct log_console *console, const char *program,
                         const struct error *error)
{
    const char *text = error_text(error);
    if (console->format == LOG_FORMAT_JSON) {
        log_write(&console->log, LOG_LEVEL_ERROR, NULL, 0, "%s", text);
    } else if (strchr(text, '\n') == NULL) {
        fprintf(stderr, "%s: %s\n", program, text);
    } else {
        /* several mistakes: each on a line that an editor can follow */
        fprintf(stderr, "%s:\n%s\n", program, text);
    }
}
