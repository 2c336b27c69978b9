/* Kinds of source that the program has registered. */
#include <stdlib.h>

#include "server_host_state.h"
#include "service/event/event_section.h"
#include "service/event/event_service.h"

static struct server_source *source_of(const struct list_node *node)
{
    return container_of(node, struct server_source, node);
}

static struct server_source *find(const struct server_host *host, const struct host_source *events)
{
    struct list_node *node = list_first(&host->sources);
    while (node != NULL && source_of(node)->events != events) {
        node = list_next(&host->sources, node);
    }
    return node == NULL ? NULL : source_of(node);
}

int server_host_open(const struct server_host *host, struct error *error)
{
    if (host->prepared || host->over) {
        return error_set(
            error, STATUS_ESTATE,
            host->prepared ? "too late: the services have been prepared (coy_server_check, or the "
                             "first step)"
                           : "too late: the server is stopped");
    }
    return STATUS_OK;
}

static void source_free(struct server_source *source)
{
    host_source_free(source->events);
    free(source->section);
    free(source);
}

static bool source_make(struct server_host *host, const char *kind, struct server_source *source,
                        struct error *error)
{
    if (event_section_is_own(kind)) {
        error_set(error, STATUS_EINVAL,
                  "\"%s\" is a section of the server's own: give the kind another name", kind);
        return false;
    }
    source->events = host_source_new(kind, error);
    return source->events != NULL &&
           source_registry_add(host->registry, host_source_kind(source->events), error) ==
               STATUS_OK;
}

struct host_source *server_host_register(struct server_host *host, const char *kind,
                                         struct error *error)
{
    if (server_host_open(host, error) != STATUS_OK) {
        return NULL;
    }
    struct server_source *source = calloc(1, sizeof *source);
    if (source == NULL) {
        error_memory(error);
        return NULL;
    }
    if (!source_make(host, kind, source, error)) {
        source_free(source);
        return NULL;
    }
    list_append(&host->sources, &source->node);
    return source->events;
}

/* --- and their services --- */

static const struct service *service_of(const struct server_host *host,
                                        const struct source_kind *kind)
{
    const struct service *service = NULL;
    for (size_t i = 0; (service = container_service(host->container, i)) != NULL; i++) {
        if (event_service_kind(service) == kind) {
            return service;
        }
    }
    return NULL;
}

int server_host_bind(struct server_host *host, struct error *error)
{
    struct list_node *node = list_first(&host->sources);
    for (; node != NULL; node = list_next(&host->sources, node)) {
        struct server_source *source = source_of(node);
        source->service = service_of(host, host_source_kind(source->events));
        if (source->service == NULL) {
            host_source_leave(source->events, HOST_SOURCE_ABSENT,
                              "no section of the config is of its kind");
            continue;
        }
        source->section = event_section_source_text(host->config, source->service->name);
        if (source->section == NULL) {
            return error_memory(error);
        }
    }
    return STATUS_OK;
}

const char *server_host_section(const struct server_host *host, const struct host_source *source,
                                struct error *error)
{
    if (!host->prepared) {
        error_set(error, STATUS_ESTATE,
                  "the section is not checked yet: call coy_server_check first");
        return NULL;
    }
    return find(host, source)->section;
}

int server_host_disable(struct server_host *host, struct host_source *source, struct error *error)
{
    const struct service *service = find(host, source)->service;
    if (!host->prepared || host->served || host->over) {
        return error_set(error, STATUS_ESTATE,
                         host->prepared ? "too late: the services have been started"
                                        : "not yet: call coy_server_check first");
    }
    int status = service == NULL ? STATUS_OK : container_disable(host->container, service, error);
    if (status == STATUS_OK) {
        host_source_leave(source, HOST_SOURCE_ABSENT, "its service is disabled");
        server_host_look(host);
    }
    return status;
}

int server_host_fail(struct server_host *host, struct host_source *source, const char *reason,
                     struct error *error)
{
    int status = host_source_fail(source, reason, error);
    server_host_look(host);
    return status;
}

void server_host_leave_sources(struct server_host *host, const char *reason)
{
    struct list_node *node = list_first(&host->sources);
    for (; node != NULL; node = list_next(&host->sources, node)) {
        host_source_leave(source_of(node)->events, HOST_SOURCE_ENDED, reason);
    }
}

bool server_host_has_outcome(const struct server_host *host)
{
    struct list_node *node = list_first(&host->sources);
    while (node != NULL && !host_source_has_outcome(source_of(node)->events)) {
        node = list_next(&host->sources, node);
    }
    return node != NULL;
}

void server_host_free_sources(struct server_host *host)
{
    for (struct list_node *node; (node = list_take_first(&host->sources)) != NULL;) {
        source_free(source_of(node));
    }
}
