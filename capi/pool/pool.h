/* The executor that runs jobs in worker processes. */
#ifndef COYOTE_POOL_POOL_H
#define COYOTE_POOL_POOL_H

#include <stdint.h>

#include "base/log.h"
#include "payload/executor.h"
#include "payload/protocol.h"

struct loop;

enum { POOL_WORKERS_MOST = 500, POOL_PREFETCH_MOST = 1024 };

struct pool_settings {
    char *const *command;     /* argv; NULL-terminated */
    char *const *environment; /* "NAME=value"; NULL-terminated */
    const char *service;      /* in log lines */
    size_t num_workers;       /* 1 to POOL_WORKERS_MOST */
    uint64_t max_jobs;        /* a worker is replaced after so many; 0: never */
    int64_t allocate_timeout; /* ms: a job's wait for a worker, and a worker's time to boot */
    int64_t destroy_timeout;  /* ms: from the wish that a worker ends to SIGKILL */
    size_t prefetch;          /* jobs that may be in a worker's relay, 1 to POOL_PREFETCH_MOST */
    enum protocol protocol;   /* what its workers speak */
    size_t max_payload_size;  /* bytes, context and body together, both ways; below 4 GiB */
};

/* Copies the settings; starts nothing. `started` comes when all workers have answered the
   handshake, `failed` when one can't. From then on dead workers are replaced. */
int pool_new(struct loop *loop, struct log *log, const struct pool_settings *settings,
             const struct executor_events *events, void *owner, struct executor **executor,
             struct error *error);

#endif
