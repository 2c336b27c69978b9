/* The log of a server, and what it says when there is no server yet. */
#ifndef COYOTE_SERVICE_SERVER_SERVER_LOG_H
#define COYOTE_SERVICE_SERVER_SERVER_LOG_H

#include "config/config.h"
#include "server_options.h"

/* To stderr, by the options alone. */
void server_log_init(struct log_console *console, const struct server_options *options);

/* The section `log` (level, format): what the options did not say. */
int server_log_configure(struct log_console *console, const struct server_options *options,
                         struct config *config, struct error *error);

/* An error that ends the program: on stderr as people read it, or as a log line in JSON. */
void server_log_complain(struct log_console *console, const char *program,
                         const struct error *error);

#endif
