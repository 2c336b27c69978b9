/* Workers that do not boot: tried again and again, but ever more seldom, and one at a time until one
   has booted. While none is there that can take jobs the owner knows why. */
#include "base/clock.h"
#include "pool_private.h"

/* After so long without a failure the next one is the first of a row. */
#define FORGIVEN (60 * CLOCK_SECOND)

void pool_restart_later(struct pool *pool)
{
    if (pool->restart.loop == NULL) {
        int64_t now = clock_now();
        if (now - pool->failed_at > FORGIVEN) {
            backoff_reset(&pool->backoff);
        }
        pool->failed_at = now;
        loop_timer_set(pool->loop, &pool->restart, clock_after(backoff_next(&pool->backoff)));
    }
}

static bool someone_serves(const struct pool *pool)
{
    const struct list *staying = &pool->roster.staying;
    for (struct worker *worker = roster_first(staying); worker != NULL;
         worker = roster_next(staying, worker)) {
        if (!worker->booting && !pool_worker_used_up(pool, worker)) {
            return true;
        }
    }
    return false;
}

bool pool_check_health(struct pool *pool)
{
    bool serves = pool->phase == POOL_RUNNING || pool_tries_again(pool);
    if (!serves || pool->unhealthy || pool->boot_failure.status == STATUS_OK ||
        pool->starting > 0 || someone_serves(pool)) {
        return false;
    }
    pool->unhealthy = true;
    loop_task_post(pool->loop, &pool->tell);
    return true;
}

void pool_tell_health(struct pool *pool)
{
    bool alive = pool->phase == POOL_STARTING || pool->phase == POOL_RUNNING;
    if (alive && pool->unhealthy != pool->told_unhealthy) {
        pool->told_unhealthy = pool->unhealthy;
        int64_t next_try = pool->restart.loop != NULL ? pool->restart.deadline : clock_now();
        pool->executor.events->health(pool->executor.owner,
                                      pool->unhealthy ? &pool->boot_failure : NULL, next_try);
    }
}

bool pool_boot_failed(struct pool *pool, const char *why)
{
    error_set(&pool->boot_failure, STATUS_EWORKER, "%s", why);
    if (pool->first_left > 0) {
        pool_first_known(pool);
        return true;
    }
    if (pool->phase != POOL_RUNNING && pool->phase != POOL_STARTING) {
        return false;
    }
    pool_scale_back(pool);
    pool_restart_later(pool);
    return pool_check_health(pool);
}

void pool_boot_succeeded(struct pool *pool)
{
    if (pool->first_left > 0) {
        pool_first_known(pool);
        return;
    }
    error_clear(&pool->boot_failure);
    pool->unhealthy = false;
    pool_tell_health(pool);
    if (pool->phase == POOL_STARTING) {
        pool_begin(pool);
    }
}
