/* source -> event -> job -> executor -> outcome -> settle: the data's whole way. */
#include <stdlib.h>
#include <sys/epoll.h>

#include "base/clock.h"
#include "event_state.h"

static struct event_flight *take_flight(struct event_service *service)
{
    struct list_node *node = list_take_first(&service->free_flights);
    if (node != NULL) {
        return container_of(node, struct event_flight, node);
    }
    return calloc(1, sizeof(struct event_flight));
}

void event_flow_settle(struct event_service *service, struct job *job, const struct reply *reply)
{
    struct event_flight *flight = container_of(job, struct event_flight, job);
    struct error error = {0};
    event_log_outcome(service, flight, reply);
    int status = service->kind->settle(service->source, &flight->event, reply, &error);
    list_prepend(&service->free_flights, &flight->node);
    service->in_flight--;
    if (status != STATUS_OK) {
        event_service_end(service, &error);
    } else if (service->source_ended && service->in_flight == 0) {
        event_service_end(service, NULL);
    }
    error_clear(&error);
}

static void submit(struct event_service *service, struct event_flight *flight)
{
    flight->job = (struct job){
        .id = ++service->submitted,
        .payload = flight->event.payload,
        .key = flight->event.key.data,
        .key_size = (uint32_t)flight->event.key.size,
    };
    service->in_flight++;
    executor_submit(service->executor, &flight->job);
}

/* Only while there is room: a source that has something would wake the loop again and again. */
static void wait_for_source(struct event_service *service)
{
    const struct source_kind *kind = service->kind;
    struct loop *loop = service->context.loop;
    loop_timer_set(loop, &service->source_due, kind->deadline(service->source));
    int fd = kind->fd(service->source);
    if (service->source_ready.loop != NULL && service->source_ready.fd != fd) {
        loop_watch_stop(&service->source_ready);
    }
    struct error error = {0};
    if (fd >= 0 && service->source_ready.loop == NULL &&
        loop_watch_start(loop, &service->source_ready, fd, EPOLLIN, &error) != STATUS_OK) {
        event_service_end(service, &error);
    }
    error_clear(&error);
}

/* false: nothing more to pull now. */
static bool pull_one(struct event_service *service)
{
    struct error error = {0};
    struct event_flight *flight = take_flight(service);
    int next = flight == NULL ? error_memory(&error)
                              : service->kind->next(service->source, &flight->event, &error);
    if (next == SOURCE_EVENT && flight != NULL) {
        submit(service, flight);
        return true;
    }
    if (flight != NULL) {
        list_prepend(&service->free_flights, &flight->node);
    }
    if (next == SOURCE_NONE) {
        wait_for_source(service);
    } else if (next == SOURCE_END) {
        service->source_ended = true;
        event_flow_pause(service);
        if (service->in_flight == 0) {
            event_service_end(service, NULL);
        }
    } else {
        error.status = next;
        event_service_end(service, &error);
    }
    error_clear(&error);
    return false;
}

void event_flow_pull(struct event_service *service)
{
    while (service->phase == EVENT_PULLING && !service->source_ended) {
        if (executor_room(service->executor) == 0) {
            event_flow_pause(service);
            return;
        }
        if (!pull_one(service)) {
            return;
        }
    }
}

static void source_ready(struct loop_watch *watch, uint32_t events)
{
    (void)events;
    event_flow_pull(container_of(watch, struct event_service, source_ready));
}

static void source_due(struct loop_timer *timer)
{
    event_flow_pull(container_of(timer, struct event_service, source_due));
}

static void run_pull(struct loop_task *task)
{
    event_flow_pull(container_of(task, struct event_service, pull));
}

/* --- what the source asks --- */

static const struct event_service *service_of(const struct source_host *host)
{
    return container_of(host, const struct event_service, host);
}

static size_t host_room(const struct source_host *host)
{
    const struct event_service *service = service_of(host);
    bool pulling = service->phase == EVENT_PULLING && !service->source_ended;
    return pulling ? executor_room(service->executor) : 0;
}

static void host_ready(const struct source_host *host)
{
    /* it was lent what is the service's own */
    struct event_service *service = (struct event_service *)service_of(host);
    if (service->phase == EVENT_PULLING) {
        loop_task_post(service->context.loop, &service->pull);
    }
}

static void host_fail(const struct source_host *host, const struct error *reason)
{
    struct error failure = {0};
    error_join(&failure, reason);
    event_service_end((struct event_service *)service_of(host), &failure);
    error_clear(&failure);
}

void event_flow_lend(struct event_service *service)
{
    service->host = (struct source_host){
        .log = service->context.log,
        .service = service->service.name,
        .room = host_room,
        .ready = host_ready,
        .fail = host_fail,
    };
}

void event_flow_pause(struct event_service *service)
{
    loop_watch_stop(&service->source_ready);
    loop_timer_stop(&service->source_due);
}

void event_flow_init(struct event_service *service)
{
    list_init(&service->free_flights);
    service->source_ready.ready = source_ready;
    service->source_due.due = source_due;
    service->pull.run = run_pull;
}

void event_flow_free(struct event_service *service)
{
    event_flow_pause(service);
    loop_task_stop(&service->pull);
    for (struct list_node *node; (node = list_take_first(&service->free_flights)) != NULL;) {
        free(container_of(node, struct event_flight, node));
    }
}
