/* What a config is made of; for this floor alone. */
#ifndef COYOTE_CONFIG_CONFIG_TREE_H
#define COYOTE_CONFIG_CONFIG_TREE_H

#include "config/config.h"
#include "mistake.h"
#include "position.h"

struct config {
    json_t *root;
    struct positions positions;
    unsigned origins; /* how many files and options were read */
};

/* Where to point for a mistake about `path`: the nearest one that was written, not a default.
   For a path that is absent that is the key which should hold it. NULL: nothing was read. */
const struct place *config_place(const struct config *config, const char *path);

/* The same for the key itself. */
const struct place *config_key_place(const struct config *config, const char *path);

#endif
