/* Fresh workers for old ones, one after the other: the fresh one is ready before the old one goes, so
   that there is never one less than there are to be, and no more than one on top of it. */
#include <inttypes.h>

#include "pool_private.h"

static bool is_old(const struct pool *pool, const struct worker *worker)
{
    return worker->generation != pool->generation && !worker->superseded;
}

/* One that has nothing to do, if there is any; else one with the fewest jobs. */
static struct worker *old_one(const struct pool *pool)
{
    const struct list *staying = &pool->roster.staying;
    struct worker *best = NULL;
    for (struct worker *worker = roster_first(staying); worker != NULL;
         worker = roster_next(staying, worker)) {
        if (is_old(pool, worker) && (best == NULL || worker->jobs.count < best->jobs.count)) {
            best = worker;
        }
    }
    return best;
}

static void give_up(struct pool *pool, struct bytes why)
{
    pool->resetting = false;
    log_write(pool->log, LOG_LEVEL_ERROR, pool->service, 0,
              "the reset is given up, the old workers go on: a fresh one can't start: %.*s",
              (int)why.size, (const char *)why.data);
}

/* The next fresh one, unless there is nothing old left. */
static void go_on(struct pool *pool)
{
    struct error error = {0};
    if (old_one(pool) == NULL) {
        pool->resetting = false;
        log_write(pool->log, LOG_LEVEL_INFO, pool->service, 0,
                  "the reset is done: %zu fresh worker%s", pool->wanted,
                  pool->wanted == 1 ? "" : "s");
    } else if (pool_strength(pool) <= pool->wanted && pool_spawn(pool, &error) != STATUS_OK) {
        give_up(pool, bytes_of_text(error_text(&error)));
    }
    error_clear(&error);
}

/* One at work ends by itself when it has answered, or by reset_timeout; nothing waits for it. */
void pool_reset_step(struct pool *pool)
{
    bool to_spare = pool_strength(pool) > pool->wanted;
    struct worker *old = to_spare ? old_one(pool) : NULL;
    if (old != NULL && old->state == WORKER_WORKING) {
        old->superseded = true;
        pool->superseded++;
        pool_worker_spent(pool, old);
        if (pool->settings.reset_timeout > 0) {
            worker_finish_within(old, pool->settings.reset_timeout);
        }
    } else if (old != NULL) {
        pool_leave(pool, old);
    }
    go_on(pool);
}

bool pool_reset_failed(struct pool *pool, const struct worker *worker,
                       const struct worker_death *death)
{
    if (!pool->resetting || death->booted || worker->retired) {
        return false;
    }
    /* its death has its own line */
    give_up(pool, (struct bytes){death->text, death->brief});
    return true;
}

int pool_reset(struct executor *executor, struct error *error)
{
    struct pool *pool = container_of(executor, struct pool, executor);
    if (pool->phase != POOL_RUNNING && !pool_tries_again(pool)) {
        return error_set(error, STATUS_ESTATE, "there is nothing to reset: the pool does not run");
    }
    if (pool->settings.debug) {
        log_write(pool->log, LOG_LEVEL_DEBUG, pool->service, 0,
                  "there is nothing to reset: each job has a fresh worker (debug)");
        return STATUS_OK;
    }
    pool->generation++;
    if (pool->restart.loop != NULL) {
        pool_try_now(pool);
    }
    if (pool->roster.staying.count == pool->starting) {
        log_write(pool->log, LOG_LEVEL_INFO, pool->service, 0,
                  "a reset: no worker has booted, and they are tried again now");
        return STATUS_OK;
    }
    log_write(pool->log, LOG_LEVEL_INFO, pool->service, 0, "a reset: fresh workers are started");
    if (!pool->resetting) {
        pool->resetting = true;
        go_on(pool);
    }
    return STATUS_OK;
}
