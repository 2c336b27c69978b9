/* Jobs that wait for a worker. */
#include "base/clock.h"
#include "pool_private.h"

void pool_done(struct pool *pool, struct job *job, const struct reply *reply)
{
    pool->stats.outcomes[reply->outcome]++;
    pool->executor.events->done(pool->executor.owner, job, reply);
}

void pool_end_job(struct pool *pool, struct job *job, enum outcome outcome, bool may_have_run,
                  const char *message)
{
    struct reply reply = {
        .outcome = outcome,
        .may_have_run = may_have_run,
        .message = bytes_of_text(message),
    };
    pool_done(pool, job, &reply);
}

/* For the one that is due first, or a new one: it may be set for one that is gone, and looks then. */
static void arm_allocate(struct pool *pool, const struct job *job)
{
    if (job == NULL) {
        loop_timer_stop(&pool->allocate);
    } else if (pool->allocate.loop == NULL || pool->allocate.deadline > job->deadline) {
        loop_timer_set(pool->loop, &pool->allocate, job->deadline);
    }
}

static void time_out(struct pool *pool, struct job *job)
{
    struct error why = {0};
    error_set(
        &why, STATUS_ETIMEOUT,
        "no worker was free within %g s (allocate_timeout): %zu of %zu are busy, %zu boot%s%s",
        (double)pool->settings.allocate_timeout / 1000, pool->roster.staying.count - pool->starting,
        pool->wanted, pool->starting, pool->unhealthy ? "; the last one that did not: " : "",
        pool->unhealthy ? error_text(&pool->boot_failure) : "");
    levels_remove(&pool->queue, job);
    pool_end_turn(pool, job);
    pool_end_job(pool, job, OUTCOME_TIMED_OUT, job->may_have_run, error_text(&why));
    error_clear(&why);
}

static void allocate_due(struct loop_timer *timer)
{
    struct pool *pool = container_of(timer, struct pool, allocate);
    struct job *job;
    while ((job = levels_first_due(&pool->queue)) != NULL &&
           job->deadline <= loop_now(pool->loop)) {
        time_out(pool, job);
    }
    arm_allocate(pool, job);
}

void pool_queue_init(struct pool *pool)
{
    levels_init(&pool->queue);
    list_init(&pool->dropped);
    pool->allocate.due = allocate_due;
}

void pool_queue_add(struct pool *pool, struct job *job)
{
    job->deadline = clock_after(pool->settings.allocate_timeout);
    levels_add(&pool->queue, job);
    arm_allocate(pool, job);
}

/* It has had its turn through no fault of its own: its wait begins anew. */
void pool_queue_return(struct pool *pool, struct job *job)
{
    job->deadline = clock_after(pool->settings.allocate_timeout);
    levels_return(&pool->queue, job);
    arm_allocate(pool, job);
}

size_t pool_queue_ready(const struct pool *pool)
{
    return pool->queue.count;
}

size_t pool_queue_size(const struct pool *pool)
{
    return pool_queue_ready(pool) + pool->lanes.waiting;
}

int64_t pool_queue_oldest(const struct pool *pool)
{
    return levels_first_due(&pool->queue)->deadline -
           pool->settings.allocate_timeout * CLOCK_MILLISECOND;
}

struct job *pool_queue_take(struct pool *pool)
{
    struct job *job = levels_take(&pool->queue);
    if (pool_queue_ready(pool) == 0) {
        loop_timer_stop(&pool->allocate);
    }
    return job;
}

bool pool_queue_take_back(struct pool *pool, struct job *job)
{
    switch ((enum job_place)job->place) {
    case JOB_BEHIND_KEY:
        lanes_remove(&pool->lanes, job);
        return true;
    case JOB_QUEUED:
    case JOB_RETURNED:
        levels_remove(&pool->queue, job);
        pool_end_turn(pool, job);
        if (pool_queue_ready(pool) == 0) {
            loop_timer_stop(&pool->allocate);
        }
        return true;
    case JOB_ELSEWHERE:
        break;
    }
    return false;
}

void pool_queue_cancel(struct pool *pool, const char *reason)
{
    struct job *job;
    lanes_take_all(&pool->lanes, &pool->dropped);
    while ((job = pool_queue_take(pool)) != NULL) {
        pool_end_turn(pool, job);
        pool_end_job(pool, job, OUTCOME_CANCELLED, job->may_have_run, reason);
    }
    struct list_node *node;
    while ((node = list_take_first(&pool->dropped)) != NULL) {
        job = container_of(node, struct job, node);
        pool_end_job(pool, job, OUTCOME_CANCELLED, job->may_have_run, reason);
    }
}
