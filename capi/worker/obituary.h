/* Why a worker died, in one line for people. */
#ifndef COYOTE_WORKER_OBITUARY_H
#define COYOTE_WORKER_OBITUARY_H

#include "loop/loop_child.h"
#include "output.h"
#include "worker/worker.h"

struct obituary {
    const struct worker_settings *settings;
    bool connected; /* to where RR_RELAY says */
    bool booted;
    bool asked_to_end; /* by us */
    bool asks_to_end;  /* by itself */
    bool closed;       /* its relay */
    bool stuck;        /* killed because a job took too long */
    bool unfinished;   /* killed because it did not finish within the next two */
    int64_t finish_within;
    const char *finish_key;
    bool overdue;        /* killed because a deadline passed */
    bool killed;         /* killed because the pool wished it */
    bool broken;         /* killed because of the reason */
    struct error reason; /* what went wrong on the relay; empty: nothing */
    struct loop_exit exit;
};

/* The caller frees it; NULL when memory ran out. */
char *obituary_write(const struct obituary *obituary, const struct worker *worker,
                     const struct output_tail *tail);

#endif
