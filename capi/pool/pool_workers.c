/* The workers: started, replaced, ended. */
#include "base/clock.h"
#include "pool_private.h"

size_t pool_worker_count(const struct pool *pool)
{
    return pool->roster.staying.count + pool->roster.leaving.count;
}

size_t pool_strength(const struct pool *pool)
{
    return pool->roster.staying.count - pool->superseded;
}

static void booted(struct pool *pool, struct worker *worker)
{
    pool->starting -= worker->booting ? 1 : 0;
    worker->booting = false;
}

/* --- coming and going --- */

static void forget_superseded(struct pool *pool, struct worker *worker)
{
    pool->superseded -= worker->superseded ? 1 : 0;
    worker->superseded = false;
}

void pool_leave(struct pool *pool, struct worker *worker)
{
    forget_superseded(pool, worker);
    booted(pool, worker);
    worker->retired = true;
    roster_leave(&pool->roster, worker);
    worker_retire(worker);
}

/* Workers that die before they have done a job must not turn the server into a fork bomb: not before
   the next try is due, and one at a time until one has booted. */
static bool may_spawn(const struct pool *pool)
{
    bool serves = pool->phase == POOL_RUNNING || pool_tries_again(pool);
    bool doubtful = pool->boot_failure.status != STATUS_OK;
    return serves && pool->restart.loop == NULL && !(doubtful && pool->starting > 0);
}

void pool_cannot_spawn(struct pool *pool, struct error *error)
{
    if (!pool_boot_failed(pool, error_text(error))) {
        log_write(pool->log, LOG_LEVEL_ERROR, pool->service, 0, "can't start a worker: %s",
                  error_text(error));
    }
    error_clear(error);
}

static void fill(struct pool *pool)
{
    struct error error = {0};
    while (may_spawn(pool) && pool_strength(pool) < pool->wanted) {
        if (pool_spawn(pool, &error) != STATUS_OK) {
            pool_cannot_spawn(pool, &error);
        }
    }
}

void pool_try_now(struct pool *pool)
{
    loop_timer_stop(&pool->restart);
    backoff_reset(&pool->backoff);
    fill(pool);
}

static void restart_due(struct loop_timer *timer)
{
    struct pool *pool = container_of(timer, struct pool, restart);
    fill(pool);
    pool_pump(pool);
    pool_tell_room(pool); /* for additional workers */
}

void pool_worker_spent(struct pool *pool, struct worker *worker)
{
    worker->spent = true;
    if (worker->state == WORKER_READY) {
        pool_leave(pool, worker);
        fill(pool);
    } else {
        pool_place(pool, worker);
    }
}

static void worker_ready(void *owner, struct worker *worker)
{
    struct pool *pool = owner;
    bool fresh = worker->booting;
    booted(pool, worker);
    if (pool_worker_used_up(pool, worker)) {
        pool_leave(pool, worker);
        fill(pool);
        return;
    }
    pool_place(pool, worker);
    if (fresh) {
        pool_boot_succeeded(pool);
        fill(pool); /* where this one was a try */
    }
    if (pool->resetting && fresh && pool->phase == POOL_RUNNING) {
        pool_reset_step(pool);
    }
    pool_pump(pool);
    if (pool->settings.debug && worker->state == WORKER_READY) {
        pool_leave(pool, worker); /* its job is gone, and its code would be old for the next */
    }
    pool_scale_idle(pool);
    pool_tell_room(pool);
}

/* Its successor starts while it ends, unless it may be one of a row that can't do anything. */
static void worker_leaving(void *owner, struct worker *worker)
{
    struct pool *pool = owner;
    if (roster_is_leaving(&pool->roster, worker)) {
        return;
    }
    booted(pool, worker);
    forget_superseded(pool, worker);
    roster_leave(&pool->roster, worker);
    if (worker->assigned > 0) {
        fill(pool);
    }
}

/* This is the line of the log about a death, whatever it cost: the outcome of a job that crashed by
   it has a short one of its own, which refers to it by pid and job. Where the pool fails or is
   unhealthy by it, that says the same. */
static void log_death(struct pool *pool, pid_t pid, const struct worker_death *death, bool told)
{
    bool quiet = told || death->expected || pool->phase == POOL_FAILED;
    worker_death_log(pool->log, quiet ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR, pool->service, pid,
                     death);
}

static void worker_died(void *owner, struct worker *worker, const struct worker_death *death)
{
    struct pool *pool = owner;
    pid_t pid = worker->pid;
    bool did_nothing = worker->assigned == 0 && !worker->retired;
    bool of_boot = did_nothing && !death->booted && !pool->settings.debug && !pool->resetting;
    if (!of_boot) {
        log_death(pool, pid, death, false);
    }
    pool_stats_death(&pool->stats, worker, death);
    bool of_reset = pool_reset_failed(pool, worker, death);
    pool_end_kept_turn(pool, worker);
    booted(pool, worker);
    roster_remove(&pool->roster, worker);
    if (of_boot) {
        log_death(pool, pid, death, pool_boot_failed(pool, death->text));
    } else if (did_nothing && pool->settings.debug && !death->expected) {
        pool_debug_fail(pool, pid, death->text, death->brief);
    } else if (did_nothing && !of_reset) {
        pool_restart_later(pool);
    }
    worker_free(worker); /* the death borrows from it */
    pool_check_health(pool);
    fill(pool);
    pool_pump(pool);
    /* its successor may be ready already, and was not free while it held jobs */
    pool_tell_room(pool);
    pool_check_stopped(pool);
}

static const struct worker_events worker_events = {
    .ready = worker_ready,
    .answered = pool_worker_answered,
    .gave_back = pool_worker_gave_back,
    .leaving = worker_leaving,
    .died = worker_died,
};

int pool_spawn(struct pool *pool, struct error *error)
{
    struct worker *worker;
    int status = worker_new(&pool->worker_settings, &worker_events, pool, &worker, error);
    if (status == STATUS_OK) {
        worker->generation = pool->generation;
        worker->booting = true;
        pool->starting++;
        pool->stats.workers_started++;
        roster_join(&pool->roster, worker);
    }
    return status;
}

/* --- all of them --- */

int pool_workers_init(struct pool *pool)
{
    pool->restart.due = restart_due;
    pool_scale_init(pool);
    pool->wanted = pool->settings.debug ? 0 : pool->settings.num_workers;
    pool_debug_init(pool);
    backoff_init(&pool->backoff, pool->settings.jitter_seed);
    return roster_init(&pool->roster, pool->settings.prefetch);
}

void pool_retire_all(struct pool *pool)
{
    loop_timer_stop(&pool->restart);
    pool_scale_stop(pool);
    struct worker *worker;
    while ((worker = roster_first(&pool->roster.staying)) != NULL) {
        /* it may be at a breakpoint, and nobody waits for what it boots for */
        bool pointless = pool->settings.debug && worker->booting;
        pool_leave(pool, worker);
        if (pointless) {
            worker_kill(worker);
        }
    }
}

void pool_kill_all(struct pool *pool)
{
    pool_retire_all(pool);
    const struct list *leaving = &pool->roster.leaving;
    for (struct worker *worker = roster_first(leaving); worker != NULL;
         worker = roster_next(leaving, worker)) {
        worker_kill(worker);
    }
}

static void free_all(struct pool *pool, const struct list *workers)
{
    struct worker *worker;
    while ((worker = roster_first(workers)) != NULL) {
        struct list_node *node;
        while ((node = list_take_first(&worker->jobs)) != NULL) {
            pool->in_flight--;
            pool_end_job(pool, container_of(node, struct job, node), OUTCOME_CANCELLED, true,
                         "the pool was freed while a worker had the job");
        }
        roster_remove(&pool->roster, worker);
        worker_free(worker);
    }
}

/* Without a word to them: in the child of a fork their relays are the parent's. */
void pool_free_workers(struct pool *pool)
{
    if (pool->roster.open != NULL) {
        free_all(pool, &pool->roster.staying);
        free_all(pool, &pool->roster.leaving);
    }
    roster_free(&pool->roster);
}
