/* The workers section built call by call, for programs instead of files. */
#ifndef COYOTE_SERVICE_EVENT_WORKERS_SET_H
#define COYOTE_SERVICE_EVENT_WORKERS_SET_H

#include "config/config.h"

/* Sets `key` of the section `workers` of the config and checks it; a mistake leaves the config as it
   was and names `caller` and the key. Keys of `pool` need no "pool." before them. Afterwards the
   section is complete and checked. The command comes first. STATUS_ECONFIG, STATUS_EMEMORY. */
int workers_set(struct config *config, const char *caller, const char *key, const char *value,
                struct error *error);

#endif
