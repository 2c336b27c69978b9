/* A container with event services on the script source and executors by hand. */
#ifndef COYOTE_TESTS_UNIT_SERVICE_EVENT_WORLD_H
#define COYOTE_TESTS_UNIT_SERVICE_EVENT_WORLD_H

#include "base/log_queue.h"
#include "container/container.h"
#include "hand_executor.h"
#include "script_source.h"

enum { EVENT_WORLD_SERVICES = 4 };

struct event_world {
    struct config *config;
    struct source_registry *registry;
    struct container *container;
    struct log_queue log;
    struct error error;
    size_t capacity;     /* of executors made from now on */
    bool start_fails;    /* so do theirs */
    const char *refuses; /* the service for which no executor can be made */
    struct hand_executor *executors[EVENT_WORLD_SERVICES];
    char mode[EVENT_WORLD_SERVICES][1024]; /* the variables that each was given, but PATH= */
    size_t made;
};

/* The config in YAML; what event_services_register says, with its words in world->error. */
int event_world_open(struct event_world *world, const char *yaml);
void event_world_close(struct event_world *world);

/* Opened, initialised and served: one service "script" with room for `capacity` jobs. */
struct hand_executor *event_world_serve(struct event_world *world, size_t capacity);

/* Steps while there is something to do. */
void event_world_settle_down(struct event_world *world);

/* The next log line's text of at least that level; "" when there is none. */
const char *event_world_line(struct event_world *world, enum log_level level);

#endif
