/* Jobs on their way to a worker and back. Of the jobs of one key only one is ever in the queue or,
   with those behind it, at one worker: see pool_lanes.h. */
#include "pool_private.h"

/* What may wait behind a key that is at work, for each place that workers have: so that one key
   does not keep those of others out, and not everything comes in because of one key. */
enum { BEHIND_KEYS = 8 };

static bool used_up(const struct pool *pool, const struct worker *worker)
{
    return worker->spent ||
           (pool->settings.max_jobs != 0 && worker->assigned >= pool->settings.max_jobs);
}

bool pool_worker_used_up(const struct pool *pool, const struct worker *worker)
{
    return used_up(pool, worker);
}

void pool_place(struct pool *pool, struct worker *worker)
{
    roster_place(&pool->roster, worker, !worker->booting && !used_up(pool, worker));
}

/* What waits for a worker that is still to be started waits in the queue. */
static size_t room_in_queue(const struct pool *pool, size_t room, size_t taken)
{
    size_t most = pool->settings.max_queue_size;
    size_t there = (pool->roster.staying.count - pool->starting) * pool->settings.prefetch;
    if (most == 0 || there >= taken + room) {
        return room;
    }
    size_t free = there > taken ? there - taken : 0;
    size_t waiting = pool_queue_size(pool);
    size_t limit = free + (most > waiting ? most - waiting : 0);
    return room < limit ? room : limit;
}

size_t pool_room(const struct pool *pool)
{
    if (pool->phase != POOL_RUNNING) {
        return 0;
    }
    size_t places = pool_places(pool) * pool->settings.prefetch;
    size_t taken = pool->in_flight + pool->returned.count + pool->queue.count;
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

/* Neither in the queue nor at a worker: the next of its key may come. */
static void next_of(struct pool *pool, struct lane *lane,
                    void (*queue)(struct pool *, struct job *))
{
    if (lane->held > 0 || lane->queued) {
        return;
    }
    struct job *job = lanes_take(&pool->lanes, lane);
    lane->worker = NULL;
    lane->queued = job != NULL;
    if (job != NULL) {
        queue(pool, job);
    } else {
        lanes_drop(&pool->lanes, lane);
    }
}

static void lane_of_queue_is_free(struct pool *pool, struct job *job)
{
    struct lane *lane = job->lane;
    if (lane != NULL) {
        lane->queued = false;
        next_of(pool, lane, pool_queue_add);
    }
}

void pool_left_queue(struct pool *pool, struct job *job)
{
    lane_of_queue_is_free(pool, job);
}

static void leave_worker(struct pool *pool, struct lane *lane,
                         void (*queue)(struct pool *, struct job *))
{
    lane->held--;
    next_of(pool, lane, queue);
}

void pool_free_kept_lane(struct pool *pool, struct worker *worker)
{
    if (worker->kept != NULL) {
        struct lane *lane = worker->kept;
        worker->kept = NULL;
        leave_worker(pool, lane, pool_queue_return);
    }
}

/* --- to a worker --- */

static void give(struct pool *pool, struct worker *worker, struct job *job)
{
    struct lane *lane = job->lane;
    struct error unfit = {0};
    if (worker_check(worker, &job->payload, &unfit) != STATUS_OK) {
        lane_of_queue_is_free(pool, job);
        pool_refuse_unfit(pool, job, &unfit);
        return;
    }
    if (lane != NULL) {
        lane->queued = false;
        lane->worker = worker;
        lane->held++;
    }
    pool->in_flight++;
    worker_assign(worker, job);
    if (!roster_is_leaving(&pool->roster, worker)) {
        pool_place(pool, worker);
    }
}

/* More of its last job's key, while nobody else waits and it has room: they would have to wait for
   it anyhow. */
static void follow(struct pool *pool, struct worker *worker)
{
    while (pool_queue_size(pool) == pool->lanes.waiting && pool->lanes.waiting > 0 &&
           roster_is_open(&pool->roster, worker) && !list_empty(&worker->jobs)) {
        struct job *last = container_of(worker->jobs.head.previous, struct job, node);
        struct lane *lane = last->lane;
        struct job *job = lane == NULL ? NULL : lanes_take(&pool->lanes, lane);
        if (job == NULL) {
            return;
        }
        give(pool, worker, job);
    }
}

void pool_pump(struct pool *pool)
{
    while (pool->phase == POOL_RUNNING && pool_queue_size(pool) > pool->lanes.waiting) {
        struct worker *worker = roster_pick(&pool->roster);
        if (worker == NULL) {
            pool_scale_wait(pool);
            return;
        }
        give(pool, worker, pool_queue_take(pool));
        follow(pool, worker);
    }
}

void pool_admit(struct pool *pool, struct job *job)
{
    struct lane *lane = NULL;
    if (job->key_size > 0 && (lane = lanes_find(&pool->lanes, job)) == NULL) {
        pool_refuse(pool, job, POOL_REFUSED_MEMORY);
        return;
    }
    job->lane = lane;
    if (lane != NULL && (lane->queued || lane->held > 0)) {
        lanes_wait(&pool->lanes, lane, job);
        if (lane->worker != NULL && pool->phase == POOL_RUNNING) {
            follow(pool, lane->worker);
        }
        return;
    }
    if (lane != NULL) {
        lane->queued = true;
    }
    pool_queue_add(pool, job);
    pool_pump(pool);
}

/* --- and back --- */

void pool_worker_answered(void *owner, struct worker *worker, struct job *job,
                          const struct reply *reply)
{
    struct pool *pool = owner;
    struct lane *lane = job->lane;
    pool->in_flight--;
    if (lane != NULL && reply->outcome == OUTCOME_TIMED_OUT) {
        worker->kept = lane; /* it may be at it until it has died */
    } else if (lane != NULL) {
        leave_worker(pool, lane, pool_queue_add);
    }
    if (reply->outcome != OUTCOME_CRASHED && worker->started > pool->failed_at) {
        backoff_reset(&pool->backoff);
    }
    pool->executor.events->done(pool->executor.owner, job, reply);
    if (worker->state == WORKER_WORKING && !list_empty(&worker->jobs) && !used_up(pool, worker)) {
        pool_place(pool, worker);
        pool_pump(pool);
        follow(pool, worker);
        pool_tell_room(pool);
    }
}

void pool_worker_gave_back(void *owner, struct worker *worker, struct job *job)
{
    struct pool *pool = owner;
    struct lane *lane = job->lane;
    (void)worker;
    pool->in_flight--;
    if (lane == NULL) {
        pool_queue_return(pool, job);
    } else {
        lanes_wait_first(&pool->lanes, lane, job);
        leave_worker(pool, lane, pool_queue_return);
    }
    if (pool->phase != POOL_RUNNING) {
        loop_task_post(pool->loop, &pool->tell); /* cancelled without waiting for the others */
    }
}
