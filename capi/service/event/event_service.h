/* Joins a source to an executor: source -> event -> job -> executor -> outcome -> settle. */
#ifndef COYOTE_SERVICE_EVENT_EVENT_SERVICE_H
#define COYOTE_SERVICE_EVENT_EVENT_SERVICE_H

#include <jansson.h>

#include "container/container.h"
#include "payload/executor.h"
#include "source/source_registry.h"

/* What an executor is made from. All of it outlives the executor. */
struct event_executor_request {
    const char *service;   /* the section's name */
    json_t *workers;       /* its checked `workers` (service/event/workers_section.h);
                              may be changed: what is logged is read from it */
    struct config *config; /* for positions in messages */
    size_t prefetch;       /* as the source wishes it; 0: it has no wish */
    struct environment
        *environment; /* complete: RR, RR_MODE, RR_<KIND>, RR_<SECTION>, workers.env */
    struct loop *loop;
    struct log *log;
};

/* Who makes executors: pools in coyote, PHP inside in coyote-embed. */
struct event_executor_factory {
    /* Comes within the service's init: checks and prepares, starts nothing, so that a mistake is
       told together with those of other sections, by the command `check` as well. */
    int (*make)(void *data, const struct event_executor_request *request,
                const struct executor_events *events, void *owner, struct executor **executor,
                struct error *error);
    void *data;
};

/* The factory of pools of worker processes. */
struct event_executor_factory event_pool_factory(void);

/* Registers one service for each section of the config that names a source, in the file's order:
   `source: KIND`, or the section's own name is a kind. A section that is neither, nor one of the
   server's own (env, log, version), is a mistake that names the nearest known one. All mistakes are
   in one error; the sections without any are registered all the same, so that container_init can
   tell theirs too. */
int event_services_register(struct container *container, struct config *config,
                            const struct source_registry *registry,
                            struct event_executor_factory factory, struct error *error);

/* Whether it is one of those; with container_service all can be listed before init. */
bool event_service_is(const struct service *service);

/* The kind of its source; NULL: it is none of those. */
const struct source_kind *event_service_kind(const struct service *service);

/* Whether a section of that name is the server's own, and no kind of source can have it. */
bool event_section_is_own(const char *name);

#endif
