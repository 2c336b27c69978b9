/* What the files that build a tree share. Each stops quietly once the builder has stopped. */
#ifndef COYOTE_CONFIG_BUILDER_H
#define COYOTE_CONFIG_BUILDER_H

#include "config_tree.h"
#include "document.h"
#include "key_path.h"

#define BUILDER_TOO_DEEP "nested deeper than 64 levels; make it flatter"

enum {
    BUILDER_VALUE_BYTES = 64 /* what any value is counted as, besides its text and its path */
};

struct builder {
    struct config *config;
    const struct origin *origin;
    struct mistakes *mistakes;
    struct key_path path;
    size_t spent;
    size_t depth;
    size_t merging; /* how many "<<" are around */
    bool stopped;
};

/* Memory ran out: noted, and the builder stops. */
void builder_memory(struct builder *builder);

/* A mistake at a node, about the path at hand. */
void builder_refuse(struct builder *builder, const struct node *node, const char *words);

/* false: no more may be built. */
bool builder_spend(struct builder *builder, const struct node *node, size_t size);

/* The position of the path at hand. A value without a key of its own stands for both; a NULL value
   is a mapping that only a dotted key spells. */
void builder_record(struct builder *builder, const struct node *key, const struct node *value,
                    const struct node *mapping);

/* A new value, or NULL when the builder stopped. */
json_t *builder_value(struct builder *builder, const struct node *node);

/* Puts a mapping's entries in, but none whose first part is taken; NULL: all. */
void builder_fill(struct builder *builder, json_t *object, const struct node *mapping,
                  json_t *taken);

/* One entry of it; its key may have dots. */
void builder_put(struct builder *builder, json_t *object, const struct node *key,
                 const struct node *value, const struct node *mapping, json_t *taken);

#endif
