/* The workers: started, given jobs, replaced. */
#include "base/clock.h"
#include "pool_private.h"

/* Workers that die again and again before they have done a job must not turn the server into a fork
   bomb: 100 ms, doubled each time, up to 10 s. */
enum { RESTART_FIRST = 100, RESTART_MOST = 10000 };

static struct worker *first_of(const struct list *workers)
{
    struct list_node *node = list_first(workers);
    return node == NULL ? NULL : container_of(node, struct worker, node);
}

static void take_out(struct worker *worker)
{
    if (worker->home != NULL) {
        list_remove(worker->home, &worker->node);
    }
    worker->home = NULL;
}

static void put(struct list *to, struct worker *worker)
{
    take_out(worker);
    worker->home = to;
    list_prepend(to, &worker->node);
}

/* In turn: so that one does not get a row of jobs while another has room. */
static void put_behind(struct list *to, struct worker *worker)
{
    take_out(worker);
    worker->home = to;
    list_append(to, &worker->node);
}

size_t pool_worker_count(const struct pool *pool)
{
    return pool->ready.count + pool->busy.count + pool->full.count + pool->leaving.count;
}

static size_t staying(const struct pool *pool)
{
    return pool->ready.count + pool->busy.count + pool->full.count;
}

size_t pool_strength(const struct pool *pool)
{
    return staying(pool) - pool->superseded;
}

size_t pool_room(const struct pool *pool)
{
    if (pool->phase != POOL_RUNNING) {
        return 0;
    }
    size_t places = (staying(pool) - pool->starting) * pool->settings.prefetch;
    size_t taken = pool->in_flight + pool_queue_size(pool);
    return places > taken ? places - taken : 0;
}

static bool used_up(const struct pool *pool, const struct worker *worker)
{
    return worker->spent ||
           (pool->settings.max_jobs != 0 && worker->assigned >= pool->settings.max_jobs);
}

/* --- jobs --- */

static void assign(struct pool *pool, struct worker *worker, struct job *job)
{
    struct error unfit = {0};
    if (worker_check(worker, &job->payload, &unfit) != STATUS_OK) {
        pool_refuse_unfit(pool, job, &unfit);
        return;
    }
    bool fills = worker->jobs.count + 1 >= pool->settings.prefetch;
    pool->in_flight++;
    put_behind(&pool->busy, worker);
    worker_assign(worker, job);
    if (worker->home == &pool->busy && (fills || used_up(pool, worker))) {
        put(&pool->full, worker);
    }
}

void pool_pump(struct pool *pool)
{
    while (pool->phase == POOL_RUNNING && pool_queue_size(pool) > 0) {
        struct worker *worker = first_of(&pool->ready);
        worker = worker != NULL ? worker : first_of(&pool->busy);
        if (worker == NULL) {
            return;
        }
        assign(pool, worker, pool_queue_take(pool));
    }
}

static void tell_room(struct pool *pool)
{
    if (pool_room(pool) > 0) {
        pool->executor.events->room(pool->executor.owner);
    }
}

static void worker_answered(void *owner, struct worker *worker, struct job *job,
                            const struct reply *reply)
{
    struct pool *pool = owner;
    pool->in_flight--;
    if (reply->outcome != OUTCOME_CRASHED) {
        pool->failures = 0;
    }
    job->done(job, reply);
    if (worker->state == WORKER_WORKING && !list_empty(&worker->jobs) && !used_up(pool, worker)) {
        put_behind(&pool->busy, worker);
        pool_pump(pool);
        tell_room(pool);
    }
}

static void worker_gave_back(void *owner, struct worker *worker, struct job *job)
{
    struct pool *pool = owner;
    (void)worker;
    pool->in_flight--;
    pool_queue_return(pool, job);
    if (pool->phase != POOL_RUNNING) {
        loop_task_post(pool->loop, &pool->tell); /* cancelled without waiting for the others */
    }
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
    worker->retired = true;
    put(&pool->leaving, worker);
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
    } else if (worker->home == &pool->busy) {
        put(&pool->full, worker);
    }
}

static bool is_starting(const struct pool *pool, const struct worker *worker)
{
    return worker->home == &pool->full && worker->assigned == 0;
}

static void worker_ready(void *owner, struct worker *worker)
{
    struct pool *pool = owner;
    pool->starting -= is_starting(pool, worker) ? 1 : 0;
    if (used_up(pool, worker)) {
        pool_leave(pool, worker);
        fill(pool);
        return;
    }
    bool fresh = worker->assigned == 0;
    put(&pool->ready, worker);
    /* one that has left already without a handshake fails the pool with its death */
    if (pool->phase == POOL_STARTING && pool->ready.count == pool->settings.num_workers) {
        pool->phase = POOL_RUNNING;
        pool_supervise(pool);
        pool->executor.events->started(pool->executor.owner);
    }
    if (pool->resetting && fresh) {
        pool_reset_step(pool);
    }
    pool_pump(pool);
    tell_room(pool);
}

/* Its successor starts while it ends, unless it may be one of a row that can't do anything. */
static void worker_leaving(void *owner, struct worker *worker)
{
    struct pool *pool = owner;
    if (worker->home == &pool->leaving) {
        return;
    }
    pool->starting -= is_starting(pool, worker) ? 1 : 0;
    forget_superseded(pool, worker);
    put(&pool->leaving, worker);
    if (worker->assigned > 0) {
        fill(pool);
    }
}

static void log_death(struct pool *pool, const struct worker *worker,
                      const struct worker_death *death)
{
    if (death->expected || death->told) {
        log_write(pool->log, LOG_LEVEL_DEBUG, pool->service, worker->pid, "%s", death->text);
    } else if (pool->phase != POOL_STARTING && pool->phase != POOL_FAILED) {
        log_write(pool->log, LOG_LEVEL_ERROR, pool->service, worker->pid, "%s", death->text);
    }
}

static void worker_died(void *owner, struct worker *worker, const struct worker_death *death)
{
    struct pool *pool = owner;
    bool did_nothing = worker->assigned == 0 && !worker->retired;
    bool of_reset = pool_reset_failed(pool, worker, death);
    if (!of_reset) {
        log_death(pool, worker, death);
    }
    take_out(worker);
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
    tell_room(pool); /* its successor may be ready already, and was not free while it held jobs */
    pool_check_stopped(pool);
}

static const struct worker_events worker_events = {
    .ready = worker_ready,
    .answered = worker_answered,
    .gave_back = worker_gave_back,
    .leaving = worker_leaving,
    .died = worker_died,
};

int pool_spawn(struct pool *pool, struct error *error)
{
    struct worker *worker;
    int status = worker_new(&pool->worker_settings, &worker_events, pool, &worker, error);
    if (status == STATUS_OK) {
        worker->generation = pool->generation;
        put(&pool->full, worker);
        pool->starting++;
    }
    return status;
}

/* --- all of them --- */

void pool_workers_init(struct pool *pool)
{
    list_init(&pool->ready);
    list_init(&pool->busy);
    list_init(&pool->full);
    list_init(&pool->leaving);
    pool->restart.due = restart_due;
}

static void empty_into_leaving(struct pool *pool, struct list *workers)
{
    struct worker *worker;
    while ((worker = first_of(workers)) != NULL) {
        pool_leave(pool, worker);
    }
}

void pool_retire_all(struct pool *pool)
{
    loop_timer_stop(&pool->restart);
    empty_into_leaving(pool, &pool->ready);
    empty_into_leaving(pool, &pool->busy);
    empty_into_leaving(pool, &pool->full);
    pool->starting = 0;
}

void pool_kill_all(struct pool *pool)
{
    pool_retire_all(pool);
    for (struct list_node *node = list_first(&pool->leaving); node != NULL;
         node = list_next(&pool->leaving, node)) {
        worker_kill(container_of(node, struct worker, node));
    }
}

static void free_all(struct list *workers)
{
    struct worker *worker;
    while ((worker = first_of(workers)) != NULL) {
        struct list_node *node;
        while ((node = list_take_first(&worker->jobs)) != NULL) {
            pool_end_job(container_of(node, struct job, node), OUTCOME_CANCELLED, true,
                         "the pool was freed while a worker had the job");
        }
        take_out(worker);
        worker_free(worker);
    }
}

/* Without a word to them: in the child of a fork their relays are the parent's. */
void pool_free_workers(struct pool *pool)
{
    free_all(&pool->ready);
    free_all(&pool->busy);
    free_all(&pool->full);
    free_all(&pool->leaving);
}
