/* The `env` section: variables for all workers. RR=true is set even without it. */
#ifndef COYOTE_SERVICE_ENV_ENV_SERVICE_H
#define COYOTE_SERVICE_ENV_ENV_SERVICE_H

#include "container/container.h"

/* The first service of a container. */
int env_service_register(struct container *container, struct error *error);

#endif
