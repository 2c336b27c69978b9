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
    char text[200];
    snprintf(text, sizeof text,
             "no worker was free within %g s (allocate_timeout): %zu of %zu are busy, %zu boot",
             (double)pool->settings.allocate_timeout / 1000,
             pool->busy.count + pool->full.count - pool->starting, pool->settings.num_workers,
             pool->starting);
    list_remove(job == last_returned(pool) ? &pool->returned : &pool->queue, &job->node);
    pool_end_job(job, OUTCOME_TIMED_OUT, job->may_have_run, text);
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
    for (int i = 0; i < POOL_REFUSALS; i++) {
        list_init(&pool->refused[i]);
    }
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

size_t pool_queue_size(const struct pool *pool)
{
    return pool->returned.count + pool->queue.count;
}

struct job *pool_queue_take(struct pool *pool)
{
    struct list_node *node = list_take_first(&pool->returned);
    node = node != NULL ? node : list_take_first(&pool->queue);
    if (pool_queue_size(pool) == 0) {
        loop_timer_stop(&pool->allocate);
    }
    return job_of(node);
}

void pool_queue_cancel(struct pool *pool, const char *reason)
{
    struct job *job;
    while ((job = pool_queue_take(pool)) != NULL) {
        pool_end_job(job, OUTCOME_CANCELLED, job->may_have_run, reason);
    }
}

void pool_refuse(struct pool *pool, struct job *job, enum pool_refusal refusal)
{
    list_append(&pool->refused[refusal], &job->node);
    loop_task_post(pool->loop, &pool->tell);
}

void pool_refuse_unfit(struct pool *pool, struct job *job, struct error *reason)
{
    error_move(&pool->unfit_reason, reason);
    pool_refuse(pool, job, POOL_REFUSED_UNFIT);
}

bool pool_has_refused(const struct pool *pool)
{
    bool any = false;
    for (int i = 0; i < POOL_REFUSALS; i++) {
        any = any || !list_empty(&pool->refused[i]);
    }
    return any;
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

static void refuse(struct pool *pool, struct job *job, enum pool_refusal refusal)
{
    struct error why = {0};
    switch (refusal) {
    case POOL_REFUSED_UNFIT:
        error_set(&why, STATUS_EINVAL, "%s", error_text(&pool->unfit_reason));
        break;
    case POOL_REFUSED_FULL:
        error_set(&why, STATUS_EFULL, "%zu jobs wait for a worker already (max_queue_size)",
                  pool->settings.max_queue_size);
        break;
    case POOL_REFUSED:
    case POOL_REFUSALS:
        if (payload_check(&job->payload, pool->settings.max_payload_size, &why) == STATUS_OK) {
            error_set(&why, STATUS_ESTATE, "%s", phase_reason(pool));
        }
        break;
    }
    pool_end_job(job, OUTCOME_REJECTED, false, error_text(&why));
    error_clear(&why);
}

void pool_tell_refused(struct pool *pool)
{
    for (int i = 0; i < POOL_REFUSALS; i++) {
        /* not those that are submitted meanwhile: an owner that never gives up must not hold the
           step */
        for (size_t left = pool->refused[i].count; left > 0; left--) {
            refuse(pool, job_of(list_take_first(&pool->refused[i])), (enum pool_refusal)i);
        }
    }
}
