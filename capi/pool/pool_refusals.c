/* Jobs that will have no worker, or none any more: told why, from the next step. */
#include "pool_private.h"

void pool_refusals_init(struct pool *pool)
{
    for (int i = 0; i < POOL_REFUSALS; i++) {
        list_init(&pool->refused[i]);
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
    case POOL_TAKEN_BACK:
        pool_end_job(pool, job, OUTCOME_CANCELLED, job->may_have_run,
                     "it was taken back before a worker had begun it");
        return;
    case POOL_REFUSED_UNFIT:
        error_set(&why, STATUS_EINVAL, "%s", error_text(&pool->unfit_reason));
        break;
    case POOL_REFUSED_FULL:
        error_set(&why, STATUS_EFULL, "%zu jobs wait for a worker already (max_queue_size)",
                  pool->settings.max_queue_size);
        break;
    case POOL_REFUSED_MEMORY:
        error_set(&why, STATUS_EMEMORY, "memory ran out for its key");
        break;
    case POOL_REFUSED:
    case POOL_REFUSALS:
        if (payload_check(&job->payload, pool->settings.max_payload_size, &why) == STATUS_OK) {
            error_set(&why, STATUS_ESTATE, "%s", phase_reason(pool));
        }
        break;
    }
    pool_end_job(pool, job, OUTCOME_REJECTED, false, error_text(&why));
    error_clear(&why);
}

void pool_tell_refused(struct pool *pool)
{
    for (int i = 0; i < POOL_REFUSALS; i++) {
        /* not those that are submitted meanwhile: an owner that never gives up must not hold the
           step */
        for (size_t left = pool->refused[i].count; left > 0; left--) {
            refuse(pool, container_of(list_take_first(&pool->refused[i]), struct job, node),
                   (enum pool_refusal)i);
        }
    }
}
