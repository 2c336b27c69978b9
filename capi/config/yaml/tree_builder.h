/* From a document's nodes to the tree and its positions: dotted keys, merges, duplicates. */
#ifndef COYOTE_CONFIG_TREE_BUILDER_H
#define COYOTE_CONFIG_TREE_BUILDER_H

#include "config_tree.h"
#include "document.h"

/* Fills an empty config. Mistakes are gathered, memory that ran out too. */
void tree_build(struct config *config, const struct origin *origin, const struct document *document,
                struct mistakes *mistakes);

/* The same for a value that stands under a key: the root holds the key alone then. */
void tree_build_at(struct config *config, const struct origin *origin, const char *key,
                   const struct document *document, struct mistakes *mistakes);

#endif
