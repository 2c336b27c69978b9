/* A container made of a config. */
#ifndef COYOTE_SERVICE_SERVER_SERVER_ASSEMBLE_H
#define COYOTE_SERVICE_SERVER_SERVER_ASSEMBLE_H

#include "server_options.h"
#include "service/server/server_program.h"
#include "source/source_registry.h"

struct server {
    struct log_console console;
    struct config *config;
    const char *file; /* the config's name, as messages have it */
    struct source_registry *registry;
    struct container *container; /* initialised */
};

/* Reads, registers and checks; starts nothing. All mistakes of the config are in one error. The
   console works at once, also after a failure; call server_disassemble in any case. */
int server_assemble(struct server *server, const struct server_program *program,
                    const struct server_options *options, struct error *error);

void server_disassemble(struct server *server);

#endif
