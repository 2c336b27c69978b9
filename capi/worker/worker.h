/* A supervised process that answers payloads. */
#ifndef COYOTE_WORKER_WORKER_H
#define COYOTE_WORKER_WORKER_H

#include "base/cgroup/cgroup_oom.h"
#include "base/log.h"
#include "payload/job.h"
#include "payload/protocol.h"
#include "worker/launcher.h"
#include "worker/worker_death.h"
#include "worker/worker_state.h"

struct loop;
struct relay_listener;
struct worker_user;
struct lane;

/* All borrowed; outlives the workers. */
struct worker_settings {
    struct loop *loop;
    struct log *log;
    const char *service;
    const struct launcher *launcher;
    char *const *command;
    char *const *environment;
    const struct worker_user *user; /* of worker_user.h; NULL: as this process */
    enum protocol protocol;
    size_t max_payload_size;
    struct relay_listener *listener; /* of worker_relay.h; NULL: pipes */
    int64_t boot_timeout;            /* milliseconds, from the start to the answered handshake */
    int64_t destroy_timeout;         /* milliseconds, from the wish that it ends to SIGKILL */
    struct cgroup_oom *oom;          /* tells the kernel's kills from others; NULL: nobody asks */
    int64_t exec_ttl;                /* milliseconds of wall clock for one job; 0: no limit */
};

struct worker;

/* Called from steps of the loop only. */
struct worker_events {
    /* Has no job and may be given one. */
    void (*ready)(void *owner, struct worker *worker);
    /* A job's outcome. The worker may have room again. */
    void (*answered)(void *owner, struct worker *worker, struct job *job,
                     const struct reply *reply);
    /* A job that PHP has certainly not run: for another worker. The latest first, so that each is
       put to the queue's head. */
    void (*gave_back)(void *owner, struct worker *worker, struct job *job);
    /* Takes no more jobs, by its own will or by the pool's; `died` follows sooner or later. */
    void (*leaving)(void *owner, struct worker *worker);
    /* The last call: the worker may be freed in it. */
    void (*died)(void *owner, struct worker *worker, const struct worker_death *death);
};

/* To read, but for what is the pool's. */
struct worker {
    struct list_node node;   /* the pool's */
    struct list *home;       /* the pool's: the list that node is in */
    struct list_node member; /* the pool's */
    struct list *membership; /* the pool's: the list that member is in */
    enum worker_state state;
    pid_t pid;
    struct list jobs;    /* in flight, oldest first */
    uint64_t assigned;   /* jobs it was ever given */
    int64_t started;     /* monotonic */
    int64_t idle_since;  /* monotonic; of the last time that it became READY */
    int64_t busy_since;  /* the pool's */
    bool booting;        /* the pool's: has not been ready yet */
    struct lane *kept;   /* the pool's: the key of a job that it may still be at */
    bool spent;          /* the pool's: is given no more jobs */
    bool superseded;     /* the pool's: its successor is there already */
    unsigned generation; /* the pool's: how many resets it has come after */
    bool retired;        /* the pool's: ends by the pool's wish */
};

/* Starts the process; `ready` or `died` follows. */
int worker_new(const struct worker_settings *settings, const struct worker_events *events,
               void *owner, struct worker **worker, struct error *error);

/* Whether it can take such a payload at all, once it is READY: 0, or STATUS_EINVAL with the reason.
 */
int worker_check(struct worker *worker, const struct payload *payload, struct error *error);

/* Sends it a job, while it is READY or WORKING. What can't be sent is answered by `died`. */
void worker_assign(struct worker *worker, struct job *job);

/* A reset has its successor ready. While it is WORKING: SIGKILL unless it has answered all its jobs
   within so many milliseconds (reset_timeout), and the oldest of them ends as timed out. */
void worker_finish_within(struct worker *worker, int64_t milliseconds);

/* Asks it to end once its jobs are answered; SIGKILL after destroy_timeout. */
void worker_retire(struct worker *worker);

/* SIGKILL to it and to what it started. */
void worker_kill(struct worker *worker);

/* Kills without waiting for the end; no event comes any more, its jobs are the caller's. */
void worker_free(struct worker *worker);

#endif
