/* Finds and reads the config of a command line, and goes to its folder. */
#ifndef COYOTE_SERVICE_SERVER_SERVER_CONFIG_H
#define COYOTE_SERVICE_SERVER_SERVER_CONFIG_H

#include "config/config.h"
#include "server_options.h"

/* -c and -w are both taken from where the command was typed. Changes the working directory: to -w,
   else to the folder of -c. *file is the config's name as messages have it, borrowed from options
   or static. */
int server_config_read(struct config *config, const struct server_options *options,
                       const char **file, struct error *error);

/* Whether what server_config_read has read can be checked: it is right, or its mistakes, of which
   the status tells, hide no others. */
bool server_config_checkable(const struct config *config, int status);

#endif
