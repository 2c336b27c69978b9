/* The workers: started, given jobs, replaced. */
#include "base/clock.h"
#include "pool_private.h"

/* Workers that die again and again before they have done a job must not turn the server into a fork
   bomb: 100 ms, doubled each time, up to 10 s. */
enum { RESTART_FIRST = 100, RESTART_MOST = 10000 };

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

static void restart_later(struct pool *pool)
{
    if (pool->restart.loop == NULL) {
        unsigned doublings = pool->failures < 7 ? pool->failures : 7;
        int64_t wait = (int64_t)RESTART_FIRST << doublings;
        pool->failures++;
        loop_timer_set(pool->loop, &pool->restart,
                       clock_after(wait < RESTART_MOST ? wait : RESTART_MOST));
    }
}

static void fill(struct pool *pool)
{
    struct error error = {0};
    while (pool->phase == POOL_RUNNING && pool->restart.loop == NULL &&
           pool_strength(pool) < pool->settings.num_workers) {
        if (pool_spawn(pool, &error) != STATUS_OK) {
            log_write(pool->log, LOG_LEVEL_ERROR, pool->service, 0, "can't start a worker: %s",
                      error_text(&error));
            error_clear(&error);
            restart_later(pool);
            return;
        }
    }
}

static void restart_due(struct loop_timer *timer)
{
    fill(container_of(timer, struct pool, restart));
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
    /* one that has left already without a handshake fails the pool with its death */
    if (pool->phase == POOL_STARTING &&
        pool->roster.staying.count - pool->starting == pool->settings.num_workers) {
        pool->phase = POOL_RUNNING;
        pool_supervise(pool);
        pool->executor.events->started(pool->executor.owner);
    }
    if (pool->resetting && fresh) {
        pool_reset_step(pool);
    }
    pool_pump(pool);
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
   it has a short one of its own, which refers to it by pid and job. A pool that fails by it says the
   same in its own error, which somebody will see. */
static void tell_death(struct pool *pool, const struct worker *worker,
                       const struct worker_death *death)
{
    bool told = pool->phase == POOL_STARTING || pool->phase == POOL_FAILED;
    worker_death_log(pool->log, death->expected || told ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR,
                     pool->service, worker->pid, death);
    pool_stats_death(&pool->stats, worker, death);
}

static void worker_died(void *owner, struct worker *worker, const struct worker_death *death)
{
    struct pool *pool = owner;
    bool did_nothing = worker->assigned == 0 && !worker->retired;
    tell_death(pool, worker, death);
    bool of_reset = pool_reset_failed(pool, worker, death);
    pool_end_kept_turn(pool, worker);
    booted(pool, worker);
    roster_remove(&pool->roster, worker);
    if (pool->phase == POOL_STARTING) {
        struct error error = {0};
        error_set(&error, STATUS_EWORKER, "%s", death->text);
        pool_fail(pool, &error);
    }
    worker_free(worker);
    if (pool->phase == POOL_RUNNING && did_nothing && !of_reset) {
        restart_later(pool);
    } else {
        fill(pool);
    }
    pool_pump(pool);
    pool_tell_room(
        pool); /* its successor may be ready already, and was not free while it held jobs */
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
    return roster_init(&pool->roster, pool->settings.prefetch);
}

void pool_retire_all(struct pool *pool)
{
    loop_timer_stop(&pool->restart);
    struct worker *worker;
    while ((worker = roster_first(&pool->roster.staying)) != NULL) {
        pool_leave(pool, worker);
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
