/* Jobs on their way to a worker and back. Of the jobs of one key only one is in the queue or at a
   worker, and its turn ends with it: see pool_lanes.h. */
#include "pool_private.h"

/* What may wait behind a key that is at work, for each place that workers have: so that one key
   does not keep those of others out, and not everything comes in because of one key. */
enum { BEHIND_KEYS = 8 };

bool pool_worker_used_up(const struct pool *pool, const struct worker *worker)
{
    return worker->spent ||
           (pool->settings.max_jobs != 0 && worker->assigned >= pool->settings.max_jobs);
}

void pool_place(struct pool *pool, struct worker *worker)
{
    roster_place(&pool->roster, worker, !worker->booting && !pool_worker_used_up(pool, worker));
}

/* What waits for a worker that is still to be started waits in the queue. */
static size_t room_in_queue(const struct pool *pool, size_t room, size_t taken)
{
    size_t most = pool->settings.max_queue_size;
    if (most == 0) {
        return room;
    }
    size_t there = (pool->roster.staying.count - pool->starting) * pool->settings.prefetch;
    size_t free = there > taken ? there - taken : 0;
    size_t waiting = pool_queue_size(pool);
    /* whatever place is free: the next may be of a key that is at work, and wait behind it */
    size_t sure = pool->lanes.count > 0 ? 0 : free;
    size_t limit = sure + (most > waiting ? most - waiting : 0);
    return room < limit ? room : limit;
}

size_t pool_room(const struct pool *pool)
{
    if (pool->phase != POOL_RUNNING) {
        return 0;
    }
    size_t places = pool_places(pool) * pool->settings.prefetch;
    size_t taken = pool->in_flight + pool_queue_ready(pool);
    size_t behind = places * BEHIND_KEYS;
    size_t room = places > taken ? places - taken : 0;
    size_t room_behind = behind > pool->lanes.waiting ? behind - pool->lanes.waiting : 0;
    room = room < room_behind ? room : room_behind;
    return room_in_queue(pool, room, taken);
}

void pool_tell_room(struct pool *pool)
{
    if (pool_room(pool) > 0) {
        pool->executor.events->room(pool->executor.owner);
    }
}

/* --- keys --- */

static void end_turn(struct pool *pool, struct lane *lane)
{
    struct job *next = lanes_next(&pool->lanes, lane);
    if (next != NULL) {
        pool_queue_add(pool, next);
    }
}

void pool_end_turn(struct pool *pool, const struct job *job)
{
    if (job->lane != NULL) {
        end_turn(pool, job->lane);
    }
}

void pool_end_kept_turn(struct pool *pool, struct worker *worker)
{
    if (worker->kept != NULL) {
        end_turn(pool, worker->kept);
        worker->kept = NULL;
    }
}

/* --- to a worker --- */

static void give(struct pool *pool, struct worker *worker, struct job *job)
{
    struct error unfit = {0};
    if (worker_check(worker, &job->payload, &unfit) != STATUS_OK) {
        pool_end_turn(pool, job);
        pool_refuse_unfit(pool, job, &unfit);
        return;
    }
    pool->in_flight++;
    if (list_empty(&worker->jobs)) {
        pool_scale_begun(pool, worker);
    }
    worker_assign(worker, job);
    if (!roster_is_leaving(&pool->roster, worker)) {
        pool_place(pool, worker);
    }
}

/* NULL: none is there, or another may come for whom it is better to wait. */
static struct worker *pick(const struct pool *pool)
{
    struct worker *worker = roster_pick(&pool->roster);
    return worker == NULL || pool_scale_keeps(pool, worker) ? NULL : worker;
}

void pool_pump(struct pool *pool)
{
    while (pool->phase == POOL_RUNNING && pool_queue_ready(pool) > 0) {
        struct worker *worker = pick(pool);
        if (worker == NULL) {
            pool_scale_wait(pool);
            pool_debug_wait(pool);
            return;
        }
        give(pool, worker, pool_queue_take(pool));
    }
}

/* For one that finds no other in the queue; NULL: it has to wait. */
static struct worker *pick_at_once(const struct pool *pool)
{
    bool first = pool->phase == POOL_RUNNING && pool_queue_ready(pool) == 0;
    return first ? pick(pool) : NULL;
}

bool pool_would_wait(const struct pool *pool, const struct job *job)
{
    bool behind = job->key_size > 0 && lanes_has(&pool->lanes, job_key(job));
    return behind || pick_at_once(pool) == NULL;
}

/* Without a word to the queue: in the long run, a job of a host that waits for each. */
static bool give_at_once(struct pool *pool, struct job *job)
{
    struct worker *worker = pick_at_once(pool);
    if (worker != NULL) {
        give(pool, worker, job);
    }
    return worker != NULL;
}

void pool_admit(struct pool *pool, struct job *job)
{
    bool waits = false;
    if (job->key_size > 0 && lanes_enter(&pool->lanes, job, &waits) != STATUS_OK) {
        pool_refuse(pool, job, POOL_REFUSED_MEMORY);
    } else if (!waits && !give_at_once(pool, job)) {
        pool_queue_add(pool, job);
        pool_pump(pool);
    }
}

/* --- and back --- */

void pool_worker_answered(void *owner, struct worker *worker, struct job *job,
                          const struct reply *reply)
{
    struct pool *pool = owner;
    pool->in_flight--;
    pool_scale_answered(pool, worker);
    if (reply->outcome == OUTCOME_TIMED_OUT) {
        worker->kept = job->lane; /* it may be at it until it has died */
    } else {
        pool_end_turn(pool, job);
    }
    if (reply->outcome != OUTCOME_CRASHED && worker->started > pool->failed_at) {
        backoff_reset(&pool->backoff);
    }
    pool_done(pool, job, reply);
    bool goes_on = worker->state == WORKER_WORKING && !list_empty(&worker->jobs) &&
                   !pool_worker_used_up(pool, worker);
    if (goes_on) {
        pool_place(pool, worker);
    }
    pool_pump(pool); /* the next of its key may be for another worker */
    if (goes_on) {
        pool_tell_room(pool);
    }
}

void pool_worker_gave_back(void *owner, struct worker *worker, struct job *job)
{
    struct pool *pool = owner;
    (void)worker;
    pool->in_flight--;
    pool->stats.given_back++;
    pool_queue_return(pool, job);
    if (pool->phase != POOL_RUNNING) {
        loop_task_post(pool->loop, &pool->tell); /* cancelled without waiting for the others */
    }
}
