#include "container/container.h"

#include <stdlib.h>
#include <string.h>

#include "container_state.h"

struct container *container_new(struct config *config, struct log *log,
                                struct environment *environment, struct error *error)
{
    struct container *container = calloc(1, sizeof *container);
    struct loop *loop = container == NULL ? NULL : loop_new(error);
    if (loop == NULL) {
        if (container == NULL) {
            error_memory(error);
        }
        free(container);
        environment_free(environment);
        return NULL;
    }
    container->loop = loop;
    container->config = config;
    container->log = log;
    container->environment = environment;
    return container;
}

void container_free(struct container *container)
{
    if (container == NULL) {
        return;
    }
    /* the last one first: it may lean on those before it */
    while (container->count > 0) {
        struct service *service = container->entries[--container->count].service;
        service->class->free(service);
    }
    free(container->entries);
    container_release_signals(container);
    loop_free(container->loop);
    environment_free(container->environment);
    error_clear(&container->result);
    free(container);
}

static bool has(const struct container *container, const char *name)
{
    for (size_t i = 0; i < container->count; i++) {
        if (strcmp(container->entries[i].service->name, name) == 0) {
            return true;
        }
    }
    return false;
}

static int add_entry(struct container *container, struct service *service, struct error *error)
{
    if (container->initialised) {
        return error_set(error, STATUS_ESTATE,
                         "service %s comes too late: the services are initialised already",
                         service->name);
    }
    if (has(container, service->name)) {
        return error_set(error, STATUS_EINVAL, "there are two services called %s", service->name);
    }
    struct container_entry *entries =
        reallocarray(container->entries, container->count + 1, sizeof *entries);
    if (entries == NULL) {
        return error_memory(error);
    }
    entries[container->count++] = (struct container_entry){.service = service};
    container->entries = entries;
    return STATUS_OK;
}

int container_register(struct container *container, struct service *service, struct error *error)
{
    int status = add_entry(container, service, error);
    if (status != STATUS_OK) {
        service->class->free(service);
    }
    return status;
}

const struct service *container_service(const struct container *container, size_t index)
{
    return index < container->count ? container->entries[index].service : NULL;
}

int container_disable(struct container *container, const struct service *service,
                      struct error *error)
{
    if (!container->initialised || container->served) {
        return error_set(error, STATUS_ESTATE, "service %s can't be disabled %s", service->name,
                         container->served ? "any more: the services are served"
                                           : "yet: the services are not initialised");
    }
    for (size_t i = 0; i < container->count; i++) {
        struct container_entry *entry = &container->entries[i];
        if (entry->service == service && entry->state == ENTRY_ENABLED) {
            entry->state = ENTRY_DISABLED;
        }
    }
    return STATUS_OK;
}

size_t container_enabled(const struct container *container)
{
    size_t enabled = 0;
    for (size_t i = 0; i < container->count; i++) {
        const struct container_entry *entry = &container->entries[i];
        bool asleep = entry->state == ENTRY_REGISTERED || entry->state == ENTRY_DISABLED;
        enabled += !asleep && entry->service->class->serve != NULL;
    }
    return enabled;
}

static int init_entry(struct container *container, struct container_entry *entry,
                      struct error *error)
{
    const struct service_class *class = entry->service->class;
    entry->state = ENTRY_DISABLED;
    if (!class->without_section && config_find(container->config, entry->service->name) == NULL) {
        log_write(container->log, LOG_LEVEL_DEBUG, entry->service->name, 0,
                  "disabled: the config has no such section");
        return STATUS_OK;
    }
    const struct service_context context = {
        .container = container,
        .loop = container->loop,
        .log = container->log,
        .config = container->config,
        .environment = container->environment,
    };
    bool enabled = true;
    int status = class->init(entry->service, &context, &enabled, error);
    if (status == STATUS_OK && enabled) {
        entry->state = ENTRY_ENABLED;
    }
    return status;
}

int container_init(struct container *container, struct error *error)
{
    if (container->initialised) {
        return error_set(error, STATUS_ESTATE, "the services are initialised already");
    }
    container->initialised = true;
    int status = STATUS_OK;
    for (size_t i = 0; i < container->count; i++) {
        struct error mistake = {0};
        if (init_entry(container, &container->entries[i], &mistake) != STATUS_OK) {
            status = error_join(error, &mistake);
        }
        error_clear(&mistake);
    }
    return status;
}

struct loop *container_loop(struct container *container)
{
    return container->loop;
}
