/* From a config that has been read to services that are checked. */
#ifndef COYOTE_SERVICE_SERVER_SERVER_SERVICES_H
#define COYOTE_SERVICE_SERVER_SERVER_SERVICES_H

#include <stdbool.h>

#include "service/event/event_service.h"

struct server_services {
    struct container *container;
    struct config *config;
    const struct source_registry *registry;
    struct event_executor_factory factory;
    /* Between registration and init; NULL: nothing. See server_program.h. */
    int (*check)(void *data, struct container *container, struct config *config,
                 struct error *error);
    void *data; /* of check */
};

/* Registers and inits all; starts nothing. All mistakes of the config are in one error, with those that
   are in it already. */
int server_services_init(const struct server_services *services, struct error *error);

/* Adds a mistake to all; empties `one`. False: no mistake of the config but a failure, which is not
   survived. */
bool server_services_collect(int status, struct error *one, struct error *all);

#endif
