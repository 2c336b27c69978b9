/* The pool from within. */
#ifndef COYOTE_POOL_POOL_PRIVATE_H
#define COYOTE_POOL_POOL_PRIVATE_H

#include "backoff.h"
#include "loop/loop.h"
#include "pool/pool.h"
#include "pool_lanes.h"
#include "pool_levels.h"
#include "pool_roster.h"
#include "pool_scale.h"
#include "pool_stats.h"
#include "worker/worker.h"

enum pool_phase {
    POOL_NEW,
    POOL_STARTING, /* until one takes jobs, and it is known of each of the first whether it boots */
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
    POOL_TAKEN_BACK, /* it was accepted; its submitter wants it no more */
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
    size_t wanted; /* how many workers there are to be now */
    struct pool_scale scale;
    size_t starting;  /* of those that stay, how many boot */
    size_t in_flight; /* jobs that workers have */

    struct levels queue;                /* jobs that wait for a worker */
    struct lanes lanes;                 /* jobs behind those of their key */
    struct list dropped;                /* jobs that were there and are being cancelled */
    struct list refused[POOL_REFUSALS]; /* to be told from the next step */
    struct error unfit_reason;
    struct loop_timer allocate;

    struct loop_task debug;    /* starts workers for jobs, where settings.debug is set */
    struct loop_timer restart; /* set: no worker is started until then */
    struct backoff backoff;
    int64_t failed_at;         /* monotonic; when a worker ended last without a job done */
    size_t first_left;         /* of those that were started first, how many boot still */
    struct error boot_failure; /* the last worker that did not boot; empty: one has, since then */
    bool unhealthy;
    bool told_unhealthy;
    struct loop_timer watch;
    unsigned generation; /* of workers that are started now */
    bool resetting;      /* until the last worker of an older one is superseded */
    size_t superseded;   /* workers that still work although their successors are there */
    struct cgroup_oom oom;
    struct pool_stats stats;

    /* What is told from a step: callbacks never run inside a call of the owner's. */
    struct loop_task tell;
    bool tell_started;
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
/* Wherever it waits, the next of its key may come; false: it does not wait. */
bool pool_queue_take_back(struct pool *pool, struct job *job);
/* How many wait for a worker, and how many in all: those behind their keys as well. */
size_t pool_queue_ready(const struct pool *pool);
size_t pool_queue_size(const struct pool *pool);
/* Since when the one of them that waits longest waits for a worker (monotonic); there is one. */
int64_t pool_queue_oldest(const struct pool *pool);
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
/* Whether a job would have to wait, for a worker or behind those of its key. */
bool pool_would_wait(const struct pool *pool, const struct job *job);
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

/* --- pool_start.c --- */
int pool_start(struct executor *executor, struct error *error);
/* Of one more of the first workers it is known. */
void pool_first_known(struct pool *pool);
/* None of the first has booted, and others are tried. */
bool pool_tries_again(const struct pool *pool);
/* Takes up work with those that are ready. */
void pool_begin(struct pool *pool);

/* --- pool_health.c --- */
/* No worker is started before the back-off is over. */
void pool_restart_later(struct pool *pool);
/* One has died at boot, or could not be started. true: the owner is told the reason. */
bool pool_boot_failed(struct pool *pool, const char *why);
void pool_boot_succeeded(struct pool *pool);
/* true: it has just become unhealthy, and its owner is told the reason. */
bool pool_check_health(struct pool *pool);
void pool_tell_health(struct pool *pool);

/* --- pool_workers.c --- */
int pool_workers_init(struct pool *pool); /* 0 or STATUS_EMEMORY */
int pool_spawn(struct pool *pool, struct error *error);
/* What follows when it fails; takes the error. */
void pool_cannot_spawn(struct pool *pool, struct error *error);
/* Without waiting for the end of the back-off. */
void pool_try_now(struct pool *pool);
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

/* --- pool_debug.c: where settings.debug is set --- */
/* What the other settings are then. */
void pool_debug_settings(struct pool_settings *settings);
void pool_debug_init(struct pool *pool);
void pool_debug_begin(struct pool *pool);
/* Jobs wait, and no worker is free. */
void pool_debug_wait(struct pool *pool);
/* A worker has died before it was given its job: so that job ends. `brief` bytes of the reason are
   enough for who has read of the death. */
void pool_debug_fail(struct pool *pool, pid_t pid, const char *why, size_t brief);

/* --- pool_supervisor.c --- */
void pool_supervise(struct pool *pool); /* from when it runs */

#endif
