/* The section `log`. */
#ifndef COYOTE_SERVICE_SERVER_SERVER_LOG_SECTION_H
#define COYOTE_SERVICE_SERVER_SERVER_LOG_SECTION_H

#include "config/config.h"

/* Checks it. Its values as they are written, borrowed from the config; NULL: not set. */
int server_log_section_read(struct config *config, const char **level, const char **format,
                            struct error *error);

#endif
