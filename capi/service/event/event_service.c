#include "service/event/event_service.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "event_environment.h"
#include "event_registration.h"
#include "event_section.h"
#include "event_state.h"
#include "service/event/workers_section.h"

static struct event_service *event_service_of(struct service *service)
{
    return container_of(service, struct event_service, service);
}

/* --- what the executor says --- */

static void log_ready(struct event_service *service)
{
    struct workers_section workers;
    json_t *section = config_find(service->context.config, service->service.name);
    workers_section_read(json_object_get(section, "workers"), &workers);
    log_write(service->context.log, LOG_LEVEL_INFO, service->service.name, 0,
              "serving: source %s, %zu worker%s, %s", service->kind->name, workers.num_workers,
              workers.num_workers == 1 ? "" : "s", workers.command);
}

/* The source starts now and not with the service, so that its clock runs when workers are ready. */
static void executor_started(void *owner)
{
    struct event_service *service = owner;
    struct error error = {0};
    if (service->phase != EVENT_STARTING) {
        return;
    }
    int status = service->kind->start(service->source, &error);
    if (status != STATUS_OK) {
        event_service_end(service, &error);
    } else {
        log_ready(service);
        service->phase = EVENT_PULLING;
        event_flow_pull(service);
    }
    error_clear(&error);
}

static void executor_done(void *owner, struct job *job, const struct reply *reply)
{
    event_flow_settle(owner, job, reply);
}

static void executor_has_room(void *owner)
{
    event_flow_pull(owner);
}

static void executor_health(void *owner, const struct error *reason, int64_t next_try)
{
    struct event_service *service = owner;
    struct log *log = service->context.log;
    const char *name = service->service.name;
    error_clear(&service->illness);
    if (reason != NULL) {
        error_set(&service->illness, reason->status, "%s", error_text(reason));
        service->ill_since = clock_now();
        log_write(log, LOG_LEVEL_ERROR, name, 0, "unhealthy: %s; the next try is in %.1f s",
                  error_text(reason), (double)clock_wait(next_try) / 1000);
    } else {
        log_write(log, LOG_LEVEL_INFO, name, 0, "healthy again after %.1f s",
                  (double)(clock_now() - service->ill_since) / (double)CLOCK_SECOND);
    }
}

static void executor_failed(void *owner, const struct error *error)
{
    struct error failure = {0};
    error_join(&failure, error);
    event_service_end(owner, &failure);
    error_clear(&failure);
}

static void halt_source(struct event_service *service)
{
    if (service->source != NULL && !service->halted && service->kind->halt != NULL) {
        service->kind->halt(service->source);
    }
    service->halted = true;
}

static void close_source(struct event_service *service)
{
    halt_source(service);
    if (service->source != NULL) {
        service->kind->close(service->source);
        service->source = NULL;
    }
}

static void executor_stopped(void *owner)
{
    struct event_service *service = owner;
    if (service->phase == EVENT_ENDED) {
        return;
    }
    loop_task_stop(&service->end);
    event_flow_pause(service);
    service->phase = EVENT_ENDED;
    close_source(service);
    bool failed = service->failure.status != STATUS_OK;
    if (!failed) {
        log_write(service->context.log, LOG_LEVEL_INFO, service->service.name, 0, "%s",
                  service->source_ended ? "ended: its source has no more events" : "stopped");
    }
    container_service_ended(service->context.container, &service->service,
                            failed ? &service->failure : NULL);
}

static const struct executor_events executor_events = {
    .done = executor_done,
    .started = executor_started,
    .room = executor_has_room,
    .health = executor_health,
    .failed = executor_failed,
    .stopped = executor_stopped,
};

/* --- its end --- */

static void run_end(struct loop_task *task)
{
    executor_stop(container_of(task, struct event_service, end)->executor);
}

static void begin_end(struct event_service *service)
{
    service->phase = EVENT_ENDING;
    event_flow_pause(service);
    halt_source(service);
}

void event_service_end(struct event_service *service, struct error *failure)
{
    if (failure != NULL && service->failure.status == STATUS_OK) {
        error_move(&service->failure, failure);
    }
    if (service->phase == EVENT_STARTING || service->phase == EVENT_PULLING) {
        begin_end(service);
        loop_task_post(service->context.loop, &service->end);
    }
}

static void event_stop(struct service *base)
{
    struct event_service *service = event_service_of(base);
    begin_end(service);
    executor_stop(service->executor);
}

static void event_stop_now(struct service *base)
{
    struct event_service *service = event_service_of(base);
    begin_end(service);
    executor_stop_now(service->executor);
}

static void event_reset(struct service *base)
{
    struct event_service *service = event_service_of(base);
    struct error error = {0};
    if (executor_reset(service->executor, &error) != STATUS_OK) {
        log_write(service->context.log, LOG_LEVEL_WARNING, base->name, 0, "%s", error_text(&error));
    }
    error_clear(&error);
}

static const struct error *event_health(const struct service *base)
{
    const struct event_service *service = container_of(base, const struct event_service, service);
    return service->illness.status == STATUS_OK ? NULL : &service->illness;
}

static void event_free(struct service *base)
{
    struct event_service *service = event_service_of(base);
    service->phase = EVENT_ENDED;
    /* its last jobs are settled by this, so the source goes after it */
    executor_free(service->executor);
    loop_task_stop(&service->end);
    event_flow_free(service);
    close_source(service);
    environment_free(service->environment);
    buffer_free(&service->line);
    error_clear(&service->failure);
    error_clear(&service->illness);
    free((char *)service->service.name);
    free(service);
}

/* --- its beginning --- */

static int event_init(struct service *base, const struct service_context *context, bool *enabled,
                      struct error *error)
{
    (void)enabled;
    struct event_service *service = event_service_of(base);
    service->context = *context;
    int status = event_section_check(context->config, base->name, service->kind, error);
    if (status != STATUS_OK) {
        return status;
    }
    status = event_environment_make(context->environment, context->config, base->name,
                                    service->kind, &service->environment, error);
    if (status != STATUS_OK) {
        return status;
    }
    const struct event_executor_request request = {
        .service = base->name,
        .workers = json_object_get(config_find(context->config, base->name), "workers"),
        .config = context->config,
        .prefetch = service->kind->prefetch,
        .environment = service->environment,
        .loop = context->loop,
        .log = context->log,
    };
    return service->factory.make(service->factory.data, &request, &executor_events, service,
                                 &service->executor, error);
}

static int event_serve(struct service *base, struct error *error)
{
    struct event_service *service = event_service_of(base);
    char *section = event_section_source_text(service->context.config, base->name);
    if (section == NULL) {
        return error_memory(error);
    }
    event_flow_lend(service);
    int status =
        service->kind->open(service->kind, section, &service->host, &service->source, error);
    free(section);
    if (status != STATUS_OK) {
        return status;
    }
    service->phase = EVENT_STARTING;
    status = executor_start(service->executor, error);
    if (status != STATUS_OK) {
        service->phase = EVENT_ENDED;
        close_source(service);
    }
    return status;
}

static const struct service_class event_class = {
    .init = event_init,
    .serve = event_serve,
    .reset = event_reset,
    .health = event_health,
    .stop = event_stop,
    .stop_now = event_stop_now,
    .free = event_free,
};

bool event_service_is(const struct service *service)
{
    return service->class == &event_class;
}

const struct source_kind *event_service_kind(const struct service *service)
{
    return event_service_is(service)
               ? container_of(service, const struct event_service, service)->kind
               : NULL;
}

struct service *event_service_new(const char *name, const struct source_kind *kind,
                                  struct event_executor_factory factory)
{
    struct event_service *service = calloc(1, sizeof *service);
    char *own_name = service == NULL ? NULL : strdup(name);
    if (own_name == NULL) {
        free(service);
        return NULL;
    }
    service->service = (struct service){.class = &event_class, .name = own_name};
    service->kind = kind;
    service->factory = factory;
    service->end.run = run_end;
    event_flow_init(service);
    return &service->service;
}
