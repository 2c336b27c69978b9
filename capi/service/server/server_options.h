/* The command line, taken apart. */
#ifndef COYOTE_SERVICE_SERVER_SERVER_OPTIONS_H
#define COYOTE_SERVICE_SERVER_SERVER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/log_console.h"

/* Everything is borrowed from argv but the array of overrides. */
struct server_options {
    const char *command;    /* NULL: none was given */
    const char *argument;   /* of `help`: the command to explain; NULL: none */
    const char *config;     /* -c; NULL: the default file */
    const char *work_dir;   /* -w */
    const char **overrides; /* -o, in order */
    size_t num_overrides;
    bool log_format_given;
    enum log_format log_format;
    bool log_level_given;
    enum log_level log_level;
    bool help;
    bool version;
};

/* Options may stand before and after the command. STATUS_EINVAL: wrong usage, in words that name
   the nearest known option. Call server_options_free in any case. */
int server_options_parse(struct server_options *options, int argc, char **argv,
                         struct error *error);
void server_options_free(struct server_options *options);

#endif
