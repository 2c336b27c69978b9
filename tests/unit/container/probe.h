/* A service that does as it is told and writes down what was done to it. */
#ifndef COYOTE_TESTS_UNIT_CONTAINER_PROBE_H
#define COYOTE_TESTS_UNIT_CONTAINER_PROBE_H

#include "base/log_queue.h"
#include "container/container.h"
#include "loop/loop.h"

enum probe_end {
    PROBE_STAYS, /* until it is stopped */
    PROBE_ENDS_IN_SERVE,
    PROBE_ENDS_LATER,     /* in a step after serve */
    PROBE_FAILS_IN_SERVE, /* by container_service_ended */
    PROBE_FAILS_LATER
};

struct probe {
    struct service service;
    struct container *container;
    struct loop_task later;
    struct loop *loop;
    /* what it is told */
    bool init_fails;
    bool disables_itself;
    bool serve_returns_error;
    enum probe_end end;
    bool ends_late_after_stop; /* not within stop, but in a step after it */
    bool fails_in_stop;
    bool ignores_stop; /* ends by stop_now alone */
    bool ended;
};

/* "init a, serve a, stop a, free a": everything that happened to all probes, in order. */
extern char probe_history[4096];

/* Config, container and log of a test; the YAML gives the sections. */
struct probe_world {
    struct config *config;
    struct container *container;
    struct log_queue log;
    struct error error;
};

void probe_world_open(struct probe_world *world, const char *yaml);
void probe_world_close(struct probe_world *world);

/* Registered; NULL when the container refused it. */
struct probe *probe_add(struct probe_world *world, const char *name, bool without_section);

#endif
