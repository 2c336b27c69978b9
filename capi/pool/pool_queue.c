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

static struct job *job_of(struct list_node *node)
{
    return node == NULL ? NULL : container_of(node, struct job, node);
}

/* Each that comes back is put before those that came back earlier, and waits longer than they: so
   the last is due first. In the queue it is the first. */
static struct job *last_returned(const struct pool *pool)
{
    return list_empty(&pool->returned) ? NULL : job_of(pool->returned.head.previous);
}

static struct job *first_due(const struct pool *pool)
{
    struct job *queued = job_of(list_first(&pool->queue));
    struct job *returned = last_returned(pool);
    if (queued == NULL || returned == NULL) {
        return queued != NULL ? queued : returned;
    }
    return queued->deadline <= returned->deadline ? queued : returned;
}

static void arm_allocate(struct pool *pool)
{
    const struct job *job = first_due(pool);
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
    list_remove(job == last_returned(pool) ? &pool->returned : &pool->queue, &job->node);
    pool_end_turn(pool, job);
    pool_end_job(pool, job, OUTCOME_TIMED_OUT, job->may_have_run, error_text(&why));
    error_clear(&why);
}

static void allocate_due(struct loop_timer *timer)
{
    struct pool *pool = container_of(timer, struct pool, allocate);
    struct job *job;
    while ((job = first_due(pool)) != NULL && job->deadline <= loop_now(pool->loop)) {
        time_out(pool, job);
    }
    arm_allocate(pool);
}

void pool_queue_init(struct pool *pool)
{
    list_init(&pool->returned);
    list_init(&pool->queue);
    list_init(&pool->dropped);
    pool->allocate.due = allocate_due;
}

void pool_queue_add(struct pool *pool, struct job *job)
{
    job->deadline = clock_after(pool->settings.allocate_timeout);
    list_append(&pool->queue, &job->node);
    arm_allocate(pool);
}

/* It has had its turn through no fault of its own: its wait begins anew. */
void pool_queue_return(struct pool *pool, struct job *job)
{
    job->deadline = clock_after(pool->settings.allocate_timeout);
    list_prepend(&pool->returned, &job->node);
    arm_allocate(pool);
}

size_t pool_queue_ready(const struct pool *pool)
{
    return pool->returned.count + pool->queue.count;
}

size_t pool_queue_size(const struct pool *pool)
{
    return pool_queue_ready(pool) + pool->lanes.waiting;
}

int64_t pool_queue_oldest(const struct pool *pool)
{
    return first_due(pool)->deadline - pool->settings.allocate_timeout * CLOCK_MILLISECOND;
}

struct job *pool_queue_take(struct pool *pool)
{
    struct list_node *node = list_take_first(&pool->returned);
    node = node != NULL ? node : list_take_first(&pool->queue);
    if (pool_queue_ready(pool) == 0) {
        loop_timer_stop(&pool->allocate);
    }
    return job_of(node);
}

void pool_queue_cancel(struct pool *pool, const char *reason)
{
    struct job *job;
    lanes_take_all(&pool->lanes, &pool->dropped);
    while ((job = pool_queue_take(pool)) != NULL) {
        pool_end_turn(pool, job);
        pool_end_job(pool, job, OUTCOME_CANCELLED, job->may_have_run, reason);
    }
    while ((job = job_of(list_take_first(&pool->dropped))) != NULL) {
        pool_end_job(pool, job, OUTCOME_CANCELLED, job->may_have_run, reason);
    }
}
