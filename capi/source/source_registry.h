/* Which kinds of source there are, by name. */
#ifndef COYOTE_SOURCE_SOURCE_REGISTRY_H
#define COYOTE_SOURCE_SOURCE_REGISTRY_H

#include "source/source.h"

struct source_registry;

/* With the built-in kinds. NULL when memory ran out. */
struct source_registry *source_registry_new(void);
void source_registry_free(struct source_registry *registry);

/* The kind is borrowed. STATUS_EINVAL when the name is taken. */
int source_registry_add(struct source_registry *registry, const struct source_kind *kind,
                        struct error *error);

/* NULL when there is no such kind. */
const struct source_kind *source_registry_find(const struct source_registry *registry,
                                               const char *name);

/* In the order they were added; NULL past the last one. */
const struct source_kind *source_registry_at(const struct source_registry *registry, size_t index);

#endif
