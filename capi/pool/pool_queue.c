/* Jobs that wait for a worker, and those that will never have one. */
#include <stdio.h>

#include "base/clock.h"
#include "pool_private.h"

void pool_end_job(struct job *job, enum outcome outcome, bool may_have_run, const char *message)
{
    struct reply reply = {
        .outcome = outcome,
        .may_have_run = may_have_run,
        .message = bytes_of_text(message),
    };
    job->done(job, &reply);
}

/* A job that came back from a worker has had its turn and does not time out any more: the first
   that can is behind those. There are no more of them than prefetch x workers. */
static void arm_allocate(struct pool *pool)
{
    for (struct list_node *node = list_first(&pool->queue); node != NULL;
         node = list_next(&pool->queue, node)) {
        struct job *job = container_of(node, struct job, node);
        if (job->deadline != CLOCK_NEVER) {
            if (pool->allocate.loop == NULL || pool->allocate.deadline != job->deadline) {
                loop_timer_set(pool->loop, &pool->allocate, job->deadline);
            }
            return;
        }
    }
    loop_timer_stop(&pool->allocate);
}

static void time_out(struct pool *pool, struct job *job)
{
    char text[200];
    snprintf(text, sizeof text,
             "no worker was free within %g s (allocate_timeout): %zu of %zu are busy, %zu boot",
             (double)pool->settings.allocate_timeout / 1000,
             pool->busy.count + pool->full.count - pool->starting, pool->settings.num_workers,
             pool->starting);
    list_remove(&pool->queue, &job->node);
    pool_end_job(job, OUTCOME_TIMED_OUT, job->may_have_run, text);
}

static void allocate_due(struct loop_timer *timer)
{
    struct pool *pool = container_of(timer, struct pool, allocate);
    struct list_node *node = list_first(&pool->queue);
    while (node != NULL) {
        struct list_node *next = list_next(&pool->queue, node);
        struct job *job = container_of(node, struct job, node);
        if (job->deadline != CLOCK_NEVER && job->deadline > loop_now(pool->loop)) {
            break;
        }
        if (job->deadline != CLOCK_NEVER) {
            time_out(pool, job);
        }
        node = next;
    }
    arm_allocate(pool);
}

void pool_queue_init(struct pool *pool)
{
    list_init(&pool->queue);
    list_init(&pool->refused);
    pool->allocate.due = allocate_due;
}

void pool_queue_add(struct pool *pool, struct job *job)
{
    job->deadline = clock_after(pool->settings.allocate_timeout);
    list_append(&pool->queue, &job->node);
    if (pool->allocate.loop == NULL) {
        arm_allocate(pool);
    }
}

void pool_queue_return(struct pool *pool, struct job *job)
{
    job->deadline = CLOCK_NEVER;
    list_prepend(&pool->queue, &job->node);
}

struct job *pool_queue_take(struct pool *pool)
{
    struct list_node *node = list_take_first(&pool->queue);
    if (list_empty(&pool->queue)) {
        loop_timer_stop(&pool->allocate);
    }
    return node == NULL ? NULL : container_of(node, struct job, node);
}

void pool_queue_cancel(struct pool *pool, const char *reason)
{
    struct job *job;
    while ((job = pool_queue_take(pool)) != NULL) {
        pool_end_job(job, OUTCOME_CANCELLED, false, reason);
    }
}

void pool_refuse(struct pool *pool, struct job *job)
{
    list_append(&pool->refused, &job->node);
    loop_task_post(pool->loop, &pool->tell);
}

static const char *phase_reason(const struct pool *pool)
{
    switch (pool->phase) {
    case POOL_NEW:
        return "the pool has not been started";
    case POOL_FAILED:
        return error_text(&pool->failure);
    case POOL_STARTING:
    case POOL_RUNNING:
    case POOL_STOPPING:
    case POOL_STOPPED:
        break;
    }
    return "the pool is stopped";
}

void pool_tell_refused(struct pool *pool)
{
    struct list_node *node;
    while ((node = list_take_first(&pool->refused)) != NULL) {
        struct job *job = container_of(node, struct job, node);
        struct error error = {0};
        if (payload_check(&job->payload, pool->settings.max_payload_size, &error) != STATUS_OK) {
            pool_end_job(job, OUTCOME_REJECTED, false, error_text(&error));
        } else {
            pool_end_job(job, OUTCOME_REJECTED, false, phase_reason(pool));
        }
        error_clear(&error);
    }
}
