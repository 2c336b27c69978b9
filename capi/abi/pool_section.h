/* The section of a config that a pool is made of. */
#ifndef COYOTE_ABI_POOL_SECTION_H
#define COYOTE_ABI_POOL_SECTION_H

#include "config/config.h"

/* What a pool keeps of it. */
struct pool_section {
    struct config *config; /* its `workers`, checked, and the config's `env` */
    char *name;
    char *kind; /* its `source`, or its name again */
};

/* Checks the section as the service would, with all mistakes in one error; the config stays as it is.
   STATUS_ECONFIG, STATUS_EMEMORY. */
int pool_section_take(const struct config *config, const char *name, struct pool_section *section,
                      struct error *error);

void pool_section_clear(struct pool_section *section);

#endif
