/* What --help says. */
#ifndef COYOTE_SERVICE_SERVER_SERVER_HELP_H
#define COYOTE_SERVICE_SERVER_SERVER_HELP_H

#include <stdio.h>

#include "service/server/server_program.h"

/* `command` NULL: the whole program's. */
void server_help_print(FILE *to, const struct server_program *program, const char *command);

#endif
