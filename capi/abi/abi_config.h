/* What a coy_config stands for. */
#ifndef COYOTE_ABI_ABI_CONFIG_H
#define COYOTE_ABI_ABI_CONFIG_H

#include <bindings.h>

#include "base/error.h"
#include "config/config.h"

struct abi_config {
    struct config *config;
    char *text; /* what coy_config_get gave out last */
};

/* The config, borrowed; NULL with the error set. */
struct config *abi_config_find(const coy_config *config, struct error *error);

/* The config, which is the caller's then, and the handle stale; NULL: it is no live one. */
struct config *abi_config_take(coy_config *config);

void abi_config_free(struct abi_config *config);

#endif
