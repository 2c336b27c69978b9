#include "source/source_registry.h"

#include <stdlib.h>
#include <string.h>

#include "ticker/ticker_source.h"

struct source_registry {
    const struct source_kind **kinds;
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
        free(registry->kinds);
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
    const struct source_kind **kinds =
        reallocarray(registry->kinds, registry->count + 1, sizeof *kinds);
    if (kinds == NULL) {
        return error_memory(error);
    }
    kinds[registry->count++] = kind;
    registry->kinds = kinds;
    return STATUS_OK;
}

const struct source_kind *source_registry_find(const struct source_registry *registry,
                                               const char *name)
{
    for (size_t i = 0; i < registry->count; i++) {
        if (strcmp(registry->kinds[i]->name, name) == 0) {
            return registry->kinds[i];
        }
    }
    return NULL;
}

const struct source_kind *source_registry_at(const struct source_registry *registry, size_t index)
{
    return index < registry->count ? registry->kinds[index] : NULL;
}
