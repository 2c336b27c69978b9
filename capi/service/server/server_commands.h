/* The commands; each returns the exit code. */
#ifndef COYOTE_SERVICE_SERVER_SERVER_COMMANDS_H
#define COYOTE_SERVICE_SERVER_SERVER_COMMANDS_H

#include "server_options.h"
#include "service/server/server_program.h"

int server_serve(const struct server_program *program, const struct server_options *options);
int server_check(const struct server_program *program, const struct server_options *options);

#endif
