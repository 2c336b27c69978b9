/* What the container's own files share. */
#ifndef COYOTE_CONTAINER_CONTAINER_STATE_H
#define COYOTE_CONTAINER_CONTAINER_STATE_H

#include "container/container.h"
#include "loop/loop.h"
#include "loop/loop_signal.h"

enum entry_state {
    ENTRY_REGISTERED,
    ENTRY_DISABLED,
    ENTRY_ENABLED,
    ENTRY_STARTING, /* within its serve */
    ENTRY_SERVING,
    ENTRY_ENDED
};

struct container_entry {
    struct service *service;
    enum entry_state state;
    bool told_to_stop;
    bool told_to_stop_now;
};

struct container {
    struct loop *loop;
    struct config *config;
    struct log *log;
    struct environment *environment;
    struct container_entry *entries; /* in the order of registration */
    size_t count;
    bool initialised;
    bool served;
    bool stopping;
    bool stopping_now;
    size_t running;
    struct error result;
    struct loop_signals signals;
    bool signals_taken;
    unsigned heard; /* HUP too */
    unsigned signal_count;
    int last_signal;
};

/* Stops every serving service, or lets container_serve do so when it is done. */
void container_stop_entries(struct container *container);

#endif
