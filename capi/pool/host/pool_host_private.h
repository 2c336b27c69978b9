/* A pool of a program from within. */
#ifndef COYOTE_POOL_HOST_POOL_HOST_PRIVATE_H
#define COYOTE_POOL_HOST_POOL_HOST_PRIVATE_H

#include "loop/loop.h"
#include "payload/executor.h"
#include "pool/pool_host.h"

struct pool_host {
    struct loop *loop;
    struct log_queue log;
    struct executor *pool; /* NULL: not started */
    struct host_jobs jobs;
    char *service;           /* of its settings; NULL: not started */
    size_t max_payload_size; /* the same */
    int64_t longest_wait;    /* ms; 0: any */
    bool polled; /* somebody has asked for the descriptor: else nobody could see what it tells */
    bool started;
    bool stopping; /* from the first wish on */
    bool stopped;
    struct error illness; /* why no worker serves, while none does */
    struct error failure;
};

/* --- pool_host_jobs.c: around every call that may wait --- */
void pool_host_enter(struct pool_host *host, bool waits);
/* A step that keeps the caller's deadline even where there is always something to do. */
int pool_host_step(struct pool_host *host, int64_t deadline, struct error *error);
/* Until when one call may wait whose time is over at `deadline`. */
int64_t pool_host_wait_end(const struct pool_host *host, int64_t deadline);
/* From here on the descriptor tells of outcomes that nobody has taken. Gives the status back. */
int pool_host_leave(struct pool_host *host, int status);
void pool_host_tell_outcomes(struct pool_host *host);

#endif
