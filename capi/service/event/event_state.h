/* What the event service's own files share. */
#ifndef COYOTE_SERVICE_EVENT_EVENT_STATE_H
#define COYOTE_SERVICE_EVENT_EVENT_STATE_H

#include "base/buffer.h"
#include "base/list.h"
#include "container/container.h"
#include "loop/loop.h"
#include "payload/executor.h"
#include "service/event/event_service.h"

enum event_phase {
    EVENT_IDLE,     /* not served yet */
    EVENT_STARTING, /* the executor's `started` is awaited */
    EVENT_PULLING,
    EVENT_ENDING, /* the executor's `stopped` is awaited; nothing is pulled any more */
    EVENT_ENDED
};

/* An event on its way; used again and again. */
struct event_flight {
    struct list_node node;
    struct event event;
    struct job job;
};

struct event_service {
    struct service service;
    const struct source_kind *kind;
    struct event_executor_factory factory;
    struct service_context context;
    struct environment *environment;
    struct source *source;
    struct source_host host; /* what the source was given */
    bool halted;             /* the source knows that nothing is pulled any more */
    struct executor *executor;
    enum event_phase phase;
    bool source_ended;
    struct error failure; /* why it ends, if not well */
    struct error illness; /* why its executor runs no job at present; empty: it does */
    int64_t ill_since;    /* monotonic */
    struct list free_flights;
    size_t in_flight;
    uint64_t submitted;
    struct loop_watch source_ready;
    struct loop_timer source_due;
    struct loop_task pull; /* the source has asked for it */
    struct loop_task end;
    struct buffer line; /* of the log, kept between lines */
};

/* --- event_flow.c: the way of the events --- */

/* Takes from the source what the executor has room for, then waits for either. */
void event_flow_pull(struct event_service *service);

/* The outcome of an event goes back to where it came from. */
void event_flow_settle(struct event_service *service, struct job *job, const struct reply *reply);

/* Waits for the source no more. */
void event_flow_pause(struct event_service *service);

/* What the source may ask of its surroundings. */
void event_flow_lend(struct event_service *service);

/* Ready for use before the first pull. */
void event_flow_init(struct event_service *service);

/* After the executor is gone. */
void event_flow_free(struct event_service *service);

/* --- event_service.c: its life --- */

/* Ends the service, soon: in a task, since an executor is not stopped from within its own calls.
   `failure` may be NULL (all was done); it is moved. */
void event_service_end(struct event_service *service, struct error *failure);

/* --- event_log.c --- */

/* One line for each outcome: debug when ok. That of an event whose worker died is short: the death
   has a line of its own, and names the same worker and job. */
void event_log_outcome(struct event_service *service, const struct event_flight *flight,
                       const struct reply *reply);

#endif
