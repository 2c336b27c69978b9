#include "event_registration.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "config/suggest.h"

/* Sections that are the server's own. `version` is RoadRunner's and means nothing here. */
static const char *const own_sections[] = {"env", "log", "version"};
enum { OWN_SECTIONS = sizeof own_sections / sizeof *own_sections };

static const char example[] = "no section names a source of events, so there is nothing to serve. "
                              "The least that does something:\n"
                              "\n"
                              "  ticker:\n"
                              "    interval: 1\n"
                              "    workers:\n"
                              "      command: \"php app.php\"\n";

bool event_section_is_own(const char *name)
{
    for (size_t i = 0; i < OWN_SECTIONS; i++) {
        if (strcmp(own_sections[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* The names of all kinds and, behind them, of the server's own sections; the caller frees it. */
static const char **list_names(const struct source_registry *registry, size_t *kinds)
{
    *kinds = 0;
    while (source_registry_at(registry, *kinds) != NULL) {
        ++*kinds;
    }
    const char **names = calloc(*kinds + OWN_SECTIONS, sizeof *names);
    for (size_t i = 0; names != NULL && i < *kinds + OWN_SECTIONS; i++) {
        names[i] = i < *kinds ? source_registry_at(registry, i)->name : own_sections[i - *kinds];
    }
    return names;
}

/* `; did you mean "ticker"?` where one is near, and all the kinds. The caller frees it. */
static char *suggest(const struct source_registry *registry, const char *typed, bool own)
{
    size_t kinds = 0;
    const char **names = list_names(registry, &kinds);
    struct buffer text = {0};
    int status = names == NULL ? STATUS_EMEMORY : STATUS_OK;
    if (status == STATUS_OK) {
        const char *nearest = suggest_nearest(typed, names, kinds + (own ? OWN_SECTIONS : 0));
        status = nearest == NULL ? buffer_print(&text, ";")
                                 : buffer_print(&text, "; did you mean \"%s\"?", nearest);
    }
    for (size_t i = 0; status == STATUS_OK && i < kinds; i++) {
        status = buffer_print(&text, "%s%s", i == 0 ? " sources are: " : ", ", names[i]);
    }
    struct bytes all = buffer_unread(&text);
    char *copy = status == STATUS_OK ? strndup(all.data, all.size) : NULL;
    buffer_free(&text);
    free((void *)names);
    return copy;
}

static int unknown_section(const struct config *config, const struct source_registry *registry,
                           const char *name, struct error *error)
{
    char *text = suggest(registry, name, true);
    int status = text == NULL ? error_memory(error)
                              : config_key_mistake(config, name, error,
                                                   "unknown section%s; a section with another name "
                                                   "needs a key \"source\" that says which it is",
                                                   text);
    free(text);
    return status;
}

static int unknown_kind(const struct config *config, const struct source_registry *registry,
                        const char *name, const json_t *source, struct error *error)
{
    const char *kind = json_is_string(source) ? json_string_value(source) : "";
    char *path = NULL;
    char *text = suggest(registry, kind, false);
    int status = text == NULL || asprintf(&path, "%s.source", name) < 0
                     ? error_memory(error)
                     : config_mistake(config, path, error, "unknown kind of source%s", text);
    free(path);
    free(text);
    return status;
}

/* NULL and a status, or NULL and STATUS_OK: a section of the server's own. */
static const struct source_kind *find_kind(const struct config *config,
                                           const struct source_registry *registry, const char *name,
                                           const json_t *section, int *status, struct error *error)
{
    *status = STATUS_OK;
    if (event_section_is_own(name)) {
        return NULL;
    }
    const json_t *source = json_object_get(section, "source");
    const struct source_kind *kind = NULL;
    if (source == NULL) {
        kind = source_registry_find(registry, name);
        *status = kind == NULL ? unknown_section(config, registry, name, error) : STATUS_OK;
    } else {
        kind = json_is_string(source) ? source_registry_find(registry, json_string_value(source))
                                      : NULL;
        *status = kind == NULL ? unknown_kind(config, registry, name, source, error) : STATUS_OK;
    }
    return kind;
}

/* The section that is of the kind already; NULL: there is none. */
static const char *section_of(const struct container *container, const struct source_kind *kind)
{
    const struct service *service = NULL;
    for (size_t i = 0; (service = container_service(container, i)) != NULL; i++) {
        if (event_service_kind(service) == kind) {
            return service->name;
        }
    }
    return NULL;
}

static int register_section(struct container *container, struct config *config, const char *name,
                            const struct source_kind *kind, struct event_executor_factory factory,
                            struct error *error)
{
    const char *before = kind->single ? section_of(container, kind) : NULL;
    if (before != NULL) {
        return config_key_mistake(config, name, error,
                                  "a second section of the source \"%s\", which one alone can be "
                                  "of: \"%s\" is (%s)",
                                  kind->name, before, config_position(config, before));
    }
    struct service *service = event_service_new(name, kind, factory);
    return service == NULL ? error_memory(error) : container_register(container, service, error);
}

int event_services_register(struct container *container, struct config *config,
                            const struct source_registry *registry,
                            struct event_executor_factory factory, struct error *error)
{
    int status = STATUS_OK;
    size_t found = 0;
    const char *name = NULL;
    json_t *section = NULL;
    json_object_foreach(config_find(config, ""), name, section)
    {
        struct error mistake = {0};
        int one = STATUS_OK;
        const struct source_kind *kind = find_kind(config, registry, name, section, &one, &mistake);
        if (kind != NULL) {
            one = register_section(container, config, name, kind, factory, &mistake);
            found++;
        }
        if (one != STATUS_OK) {
            status = error_join(error, &mistake);
        }
        error_clear(&mistake);
    }
    return status == STATUS_OK && found == 0 ? error_set(error, STATUS_ECONFIG, "%s", example)
                                             : status;
}
