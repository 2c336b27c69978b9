/* The executor that runs jobs in worker processes. */
#ifndef COYOTE_POOL_POOL_H
#define COYOTE_POOL_POOL_H

#include <stdint.h>

#include "base/log.h"
#include "payload/executor.h"
#include "payload/protocol.h"

struct loop;

enum { POOL_WORKERS_MOST = 500, POOL_PREFETCH_MOST = 1024, POOL_SPAWN_RATE_MOST = 100 };

struct pool_settings {
    char *const *command;     /* argv; NULL-terminated */
    char *const *environment; /* "NAME=value"; NULL-terminated */
    const char *service;      /* in log lines */
    char *const *zygote; /* argv of a process that forks workers: see worker/zygote/; NULL: each
                                 is started for itself */
    size_t num_workers;  /* 1 to POOL_WORKERS_MOST */
    uint64_t max_jobs;   /* a worker is replaced after so many; 0: never */
    int64_t allocate_timeout; /* ms: a job's wait for a worker, and a worker's time to boot */
    size_t max_queue_size;    /* jobs that may wait for a worker; 0: any number */
    int64_t watch_tick;       /* ms between two looks at the workers, for the next three */
    int64_t ttl;              /* ms: a worker older than that is replaced; 0: never */
    int64_t idle_ttl; /* ms: so is a used one that had nothing to do for so long; 0: never */
    size_t max_worker_memory; /* bytes: and one that uses more; 0: any */
    int64_t exec_ttl;         /* ms of wall clock for one job, then its worker is killed; 0: any */
    int64_t destroy_timeout;  /* ms: from the wish that a worker ends to SIGKILL */
    int64_t reset_timeout;    /* ms: an old worker's time to finish after a reset; 0: any */
    size_t prefetch;          /* jobs that may be in a worker's relay, 1 to POOL_PREFETCH_MOST */
    size_t max_workers; /* more of them, while jobs wait; 0: none. Up to POOL_WORKERS_MOST in all */
    size_t spawn_rate;  /* of those, in a second: 1 to POOL_SPAWN_RATE_MOST */
    int64_t idle_timeout;    /* ms: one of those with nothing to do for so long is retired */
    bool debug;              /* for breakpoints: a fresh worker for each job, no limit of time */
    bool keep_trying;        /* where no worker boots: go on trying; else the start fails */
    uint64_t jitter_seed;    /* of the waits between such tries; 0: by chance */
    enum protocol protocol;  /* what its workers speak */
    const char *user;        /* whom workers run as: see worker_user.h; NULL: as this process */
    const char *relay;       /* "pipes" or NULL, "unix://path", "tcp://host:port" */
    int64_t relay_timeout;   /* ms: a worker's time to connect and to answer, but by pipes */
    size_t max_payload_size; /* bytes, context and body together, both ways; below 4 GiB */
};

/* Whether the text can be a `relay`: 0, or STATUS_ECONFIG with the reason. */
int pool_check_relay(const char *relay, struct error *error);

/* Whether the text can be a `user`, who then is known to the system: 0, or STATUS_ECONFIG with the
   reason. Not, whether this process may start workers of that user: that is told by the start. */
int pool_check_user(const char *user, struct error *error);

/* Copies the settings; starts nothing. `started` comes when each of the first workers has answered
   the handshake or has failed to, and one has; `failed` when none has, unless keep_trying is set.
   From then on dead workers are replaced, those that can't boot ever more seldom. */
int pool_new(struct loop *loop, struct log *log, const struct pool_settings *settings,
             const struct executor_events *events, void *owner, struct executor **executor,
             struct error *error);

#endif
