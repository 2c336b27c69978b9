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
    list_init(&container->entries);
    return container;
}

void container_free(struct container *container)
{
    if (container == NULL) {
        return;
    }
    /* the last one first: it may lean on those before it */
    while (!list_empty(&container->entries)) {
        struct list_node *last = container->entries.head.previous;
        struct container_entry *entry = container_entry_of(last);
        list_remove(&container->entries, last);
        entry->service->class->free(entry->service);
        free(entry);
    }
    if (container->signals_taken) {
        loop_signals_stop(&container->signals);
    }
    loop_free(container->loop);
    environment_free(container->environment);
    error_clear(&container->result);
    free(container);
}

static struct container_entry *find(struct container *container, const char *name)
{
    struct list_node *node = list_first(&container->entries);
    for (; node != NULL; node = list_next(&container->entries, node)) {
        struct container_entry *entry = container_entry_of(node);
        if (strcmp(entry->service->name, name) == 0) {
            return entry;
        }
    }
    return NULL;
}

int container_register(struct container *container, struct service *service, struct error *error)
{
    int status = STATUS_OK;
    struct container_entry *entry = NULL;
    if (container->initialised) {
        status = error_set(error, STATUS_ESTATE,
                           "service %s comes too late: the services are initialised already",
                           service->name);
    } else if (find(container, service->name) != NULL) {
        status = error_set(error, STATUS_EINVAL, "there are two services called %s", service->name);
    } else {
        entry = calloc(1, sizeof *entry);
        status = entry == NULL ? error_memory(error) : STATUS_OK;
    }
    if (status != STATUS_OK) {
        service->class->free(service);
        return status;
    }
    entry->service = service;
    list_append(&container->entries, &entry->node);
    return STATUS_OK;
}

const struct service *container_service(const struct container *container, size_t index)
{
    struct list_node *node = list_first(&container->entries);
    for (; node != NULL && index > 0; index--) {
        node = list_next(&container->entries, node);
    }
    return node == NULL ? NULL : container_entry_of(node)->service;
}

size_t container_enabled(const struct container *container)
{
    size_t count = 0;
    struct list_node *node = list_first(&container->entries);
    for (; node != NULL; node = list_next(&container->entries, node)) {
        const struct container_entry *entry = container_entry_of(node);
        bool enabled = entry->state != ENTRY_REGISTERED && entry->state != ENTRY_DISABLED;
        count += enabled && entry->service->class->serve != NULL;
    }
    return count;
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
    struct list_node *node = list_first(&container->entries);
    for (; node != NULL; node = list_next(&container->entries, node)) {
        struct error mistake = {0};
        if (init_entry(container, container_entry_of(node), &mistake) != STATUS_OK) {
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
