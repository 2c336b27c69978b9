/* A map of variables as users write it: `env`, and `workers.env`. */
#ifndef COYOTE_SERVICE_ENV_ENV_SECTION_H
#define COYOTE_SERVICE_ENV_ENV_SECTION_H

#include <jansson.h>

#include "config/config.h"
#include "container/environment.h"

/* Any names; values are text, numbers, true and false. */
#define ENV_SECTION_SCHEMA                                                                         \
    "{\"type\": \"object\","                                                                       \
    " \"additionalProperties\": {},"                                                               \
    " \"description\": \"environment variables of the worker processes\"}"

/* Sets every variable of the map at `path`; where there is none, nothing. Its mistakes are in one
   error, a line each. */
int env_section_apply(const struct config *config, const char *path,
                      struct environment *environment, struct error *error);

#endif
