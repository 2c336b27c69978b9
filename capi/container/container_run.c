#include "base/clock.h"
#include "container_state.h"

static void end_entry(struct container *container, struct container_entry *entry)
{
    if (entry->state == ENTRY_STARTING || entry->state == ENTRY_SERVING) {
        entry->state = ENTRY_ENDED;
        container->running--;
    }
}

/* Only the first failure is the result; each is logged where it happened. */
static void fail_entry(struct container *container, struct container_entry *entry,
                       const struct error *error)
{
    const char *name = entry->service->name;
    log_write(container->log, LOG_LEVEL_ERROR, name, 0, "%s", error_text(error));
    if (container->result.status == STATUS_OK) {
        error_set(&container->result, error->status, "%s: %s", name, error_text(error));
    }
    container_stop(container);
}

static int serve_entry(struct container *container, struct container_entry *entry)
{
    struct error error = {0};
    entry->state = ENTRY_STARTING;
    container->running++;
    int status = entry->service->class->serve(entry->service, &error);
    if (status != STATUS_OK) {
        end_entry(container, entry);
        error.status = status;
        fail_entry(container, entry, &error);
    } else if (entry->state == ENTRY_STARTING) {
        entry->state = ENTRY_SERVING;
    }
    error_clear(&error);
    return status;
}

int container_serve(struct container *container, struct error *error)
{
    if (!container->initialised || container->served) {
        return error_set(error, STATUS_ESTATE,
                         container->served ? "the services are served already"
                                           : "the services are not initialised yet");
    }
    container->served = true;
    for (size_t i = 0; i < container->count && !container->stopping; i++) {
        struct container_entry *entry = &container->entries[i];
        if (entry->state == ENTRY_ENABLED && entry->service->class->serve != NULL) {
            serve_entry(container, entry);
        }
    }
    /* a stop that came from within a serve could not reach the service that was just starting */
    container_stop_entries(container);
    return container_result(container, error);
}

void container_stop_entries(struct container *container)
{
    for (size_t i = container->count; container->stopping && i-- > 0;) {
        struct container_entry *entry = &container->entries[i];
        struct service *service = entry->service;
        if (entry->state == ENTRY_SERVING && !container->stopping_now && !entry->told_to_stop) {
            entry->told_to_stop = true;
            service->class->stop(service);
        }
        if (entry->state == ENTRY_SERVING && container->stopping_now && !entry->told_to_stop_now) {
            entry->told_to_stop = true;
            entry->told_to_stop_now = true;
            service->class->stop_now(service);
        }
    }
}

void container_reset(struct container *container)
{
    for (size_t i = 0; i < container->count && !container->stopping; i++) {
        struct container_entry *entry = &container->entries[i];
        if (entry->state == ENTRY_SERVING && entry->service->class->reset != NULL) {
            entry->service->class->reset(entry->service);
        }
    }
}

void container_stop(struct container *container)
{
    container->stopping = true;
    container_stop_entries(container);
}

void container_stop_now(struct container *container)
{
    container->stopping_now = true;
    container_stop(container);
}

bool container_serving(const struct container *container)
{
    return container->running > 0 && !container->stopping;
}

bool container_done(const struct container *container)
{
    return (container->served || container->stopping) && container->running == 0;
}

int container_run(struct container *container, struct error *error)
{
    int status = STATUS_OK;
    struct error failure = {0};
    while (!container_done(container) && status == STATUS_OK) {
        status = loop_step(container->loop, CLOCK_NEVER, &failure);
        if (status == STATUS_EINTERRUPTED || status == STATUS_ETIMEOUT) {
            status = STATUS_OK;
        }
    }
    if (status != STATUS_OK) {
        error_move(error, &failure);
        return status;
    }
    error_clear(&failure);
    return container_result(container, error);
}

int container_result(const struct container *container, struct error *error)
{
    if (container->result.status == STATUS_OK) {
        return STATUS_OK;
    }
    return error_set(error, container->result.status, "%s", error_text(&container->result));
}

void container_service_ended(struct container *container, struct service *service,
                             const struct error *error)
{
    for (size_t i = 0; i < container->count; i++) {
        struct container_entry *entry = &container->entries[i];
        if (entry->service != service || entry->state == ENTRY_ENDED) {
            continue;
        }
        end_entry(container, entry);
        if (error != NULL && error->status != STATUS_OK) {
            fail_entry(container, entry, error);
        }
        return;
    }
}
