#include "source/source_registry.h"

#include <stdlib.h>
#include <string.h>

#include "ticker/ticker_source.h"

struct slot {
    const struct source_kind *kind;
};

struct source_registry {
    struct slot *slots;
    size_t count;
};

struct source_registry *source_registry_new(void)
{
    struct source_registry *registry = calloc(1, sizeof *registry);
    if (registry != NULL && source_registry_add(registry, &ticker_source, NULL) != STATUS_OK) {
        source_registry_free(registry);
        return NULL;
    }
    return registry;
}

void source_registry_free(struct source_registry *registry)
{
    if (registry != NULL) {
        free(registry->slots);
        free(registry);
    }
}

int source_registry_add(struct source_registry *registry, const struct source_kind *kind,
                        struct error *error)
{
    if (source_registry_find(registry, kind->name) != NULL) {
        return error_set(error, STATUS_EINVAL, "there is a kind of source called \"%s\" already",
                         kind->name);
    }
    struct slot *slots = reallocarray(registry->slots, registry->count + 1, sizeof *slots);
    if (slots == NULL) {
        return error_memory(error);
    }
    slots[registry->count++].kind = kind;
    registry->slots = slots;
    return STATUS_OK;
}

const struct source_kind *source_registry_find(const struct source_registry *registry,
                                               const char *name)
{
    for (size_t i = 0; i < registry->count; i++) {
        if (strcmp(registry->slots[i].kind->name, name) == 0) {
            return registry->slots[i].kind;
        }
    }
    return NULL;
}

const struct source_kind *source_registry_at(const struct source_registry *registry, size_t index)
{
    return index < registry->count ? registry->slots[index].kind : NULL;
}
