/* The pool from within. */
#ifndef COYOTE_POOL_POOL_PRIVATE_H
#define COYOTE_POOL_POOL_PRIVATE_H

#include "loop/loop.h"
#include "pool/pool.h"
#include "pool_lanes.h"
#include "pool_roster.h"
#include "pool_stats.h"
#include "worker/worker.h"

enum pool_phase {
    POOL_NEW,
    POOL_STARTING, /* until every worker has booted */
    POOL_RUNNING,
    POOL_FAILED,   /* told, or about to be */
    POOL_STOPPING, /* until the last worker has ended */
    POOL_STOPPED
};

/* Why a job is refused. */
enum pool_refusal {
    POOL_REFUSED,       /* an impossible payload, or a pool that takes none */
    POOL_REFUSED_UNFIT, /* the workers' protocol can't carry it */
    POOL_REFUSED_FULL,  /* max_queue_size */
    POOL_REFUSED_MEMORY,
    POOL_REFUSALS
};

struct pool {
    struct executor executor;
    struct loop *loop;
    struct log *log;
    struct pool_settings settings; /* its lists are copies */
    char *service;
    char *relay;
    struct worker_user *user; /* of the settings' name, from the start on; NULL: none */
    struct worker_settings worker_settings;
    enum pool_phase phase;

    struct roster roster;
    size_t starting;  /* of those that stay, how many boot */
    size_t in_flight; /* jobs that workers have */

    struct list returned; /* jobs that came back from a worker: before the queue, oldest first */
    struct list queue;    /* jobs without a worker, oldest first */
    struct lanes lanes;   /* jobs behind those of their key */
    struct list refused[POOL_REFUSALS]; /* to be told from the next step */
    struct error unfit_reason;
    struct loop_timer allocate;

    unsigned failures; /* deaths in a row without a job done */
    struct loop_timer restart;
    struct loop_timer watch;
    unsigned generation; /* of workers that are started now */
    bool resetting;      /* until the last worker of an older one is superseded */
    size_t superseded;   /* workers that still work although their successors are there */
    struct cgroup_oom oom;
    struct pool_stats stats;

    /* What is told from a step: callbacks never run inside a call of the owner's. */
    struct loop_task tell;
    bool tell_failed;
    bool tell_stopped;
    struct error failure;
};

/* --- pool_settings.c --- */
bool pool_by_pipes(const struct pool_settings *settings);
int pool_settings_check(const struct pool_settings *settings, struct error *error);
int pool_settings_copy(struct pool *pool, const struct pool_settings *settings);

/* --- pool.c --- */
void pool_fail(struct pool *pool, struct error *failure); /* takes the error */
void pool_check_stopped(struct pool *pool);

/* --- pool_queue.c --- */
void pool_queue_init(struct pool *pool);
void pool_queue_add(struct pool *pool, struct job *job);
void pool_queue_return(struct pool *pool, struct job *job);
struct job *pool_queue_take(struct pool *pool);
/* How many wait for a worker, and how many in all: those behind their keys as well. */
size_t pool_queue_ready(const struct pool *pool);
size_t pool_queue_size(const struct pool *pool);
void pool_queue_cancel(struct pool *pool, const char *reason);
/* Every outcome goes through here. */
void pool_done(struct pool *pool, struct job *job, const struct reply *reply);
void pool_end_job(struct pool *pool, struct job *job, enum outcome outcome, bool may_have_run,
                  const char *message);

/* --- pool_refusals.c --- */
void pool_refusals_init(struct pool *pool);
void pool_refuse(struct pool *pool, struct job *job, enum pool_refusal refusal);
void pool_refuse_unfit(struct pool *pool, struct job *job, struct error *reason); /* takes it */
void pool_tell_refused(struct pool *pool);
bool pool_has_refused(const struct pool *pool);

/* --- pool_assign.c --- */
/* A job that may be run, to the queue or behind those of its key. */
void pool_admit(struct pool *pool, struct job *job);
/* Hands out queued jobs while there is a worker for them. */
void pool_pump(struct pool *pool);
/* A job is over: the next of its key may come. */
void pool_end_turn(struct pool *pool, const struct job *job);
/* Where a worker belongs now, by the jobs that it has and may have. */
void pool_place(struct pool *pool, struct worker *worker);
bool pool_worker_used_up(const struct pool *pool, const struct worker *worker);
/* The same for one that had timed out, now that its worker is no more. */
void pool_end_kept_turn(struct pool *pool, struct worker *worker);
size_t pool_room(const struct pool *pool);
void pool_tell_room(struct pool *pool);
void pool_worker_answered(void *owner, struct worker *worker, struct job *job,
                          const struct reply *reply);
void pool_worker_gave_back(void *owner, struct worker *worker, struct job *job);

/* --- pool_workers.c --- */
int pool_workers_init(struct pool *pool); /* 0 or STATUS_EMEMORY */
int pool_spawn(struct pool *pool, struct error *error);
void pool_retire_all(struct pool *pool);
void pool_kill_all(struct pool *pool);
void pool_free_workers(struct pool *pool);
/* Is given no more jobs, and replaced once it has answered those that it has. */
void pool_worker_spent(struct pool *pool, struct worker *worker);
size_t pool_worker_count(const struct pool *pool);

/* How many workers there are, but for those that leave or have their successors already. */
size_t pool_strength(const struct pool *pool);
void pool_leave(struct pool *pool, struct worker *worker);

/* --- pool_reset.c --- */
int pool_reset(struct executor *executor, struct error *error);
/* A worker has booted: one of an older generation may go, and the next fresh one come. */
void pool_reset_step(struct pool *pool);
/* One that can't boot ends the reset, and the old ones go on; true when that is so. */
bool pool_reset_failed(struct pool *pool, const struct worker *worker,
                       const struct worker_death *death);

/* --- pool_supervisor.c --- */
void pool_supervise(struct pool *pool); /* from when it runs */

#endif
