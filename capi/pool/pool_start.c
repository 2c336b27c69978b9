/* The start: over when it is known of each of the first workers whether it boots. */
#include "pool_private.h"
#include "worker/worker_relay.h"
#include "worker/worker_user.h"

static int spawn_first(struct pool *pool, struct error *error)
{
    int status = STATUS_OK;
    for (size_t i = 0; i < pool->wanted && status == STATUS_OK; i++) {
        status = pool_spawn(pool, error);
        pool->first_left += status == STATUS_OK ? 1 : 0;
        if (status != STATUS_OK && i > 0) {
            error_prefix(error, "worker %zu of %zu: ", i + 1, pool->wanted);
        }
    }
    if (status == STATUS_OK || !pool->settings.keep_trying) {
        return status; /* what can't even be launched is no matter of luck: a limit, a right */
    }
    error_set(&pool->boot_failure, STATUS_EWORKER, "%s", error_text(error));
    error_clear(error);
    if (pool->first_left == 0) {
        pool_restart_later(pool);
        pool_check_health(pool);
    }
    return STATUS_OK;
}

static int take_user(struct pool *pool, struct error *error)
{
    if (pool->settings.user == NULL) {
        return STATUS_OK;
    }
    int status = worker_user_find(pool->settings.user, &pool->user, error);
    if (status != STATUS_OK) {
        error_prefix(error, "workers.user: ");
        return status;
    }
    pool->worker_settings.user = pool->user;
    return worker_user_check(pool->user, error);
}

int pool_start(struct executor *executor, struct error *error)
{
    struct pool *pool = container_of(executor, struct pool, executor);
    if (pool->phase != POOL_NEW) {
        return error_set(error, STATUS_ESTATE, "the pool has been started already");
    }
    pool->phase = POOL_STARTING;
    cgroup_oom_start(&pool->oom, "");
    int status = take_user(pool, error);
    status = status != STATUS_OK ? status
                                 : worker_relay_open(&pool->worker_settings, pool->relay, error);
    if (status == STATUS_OK && pool->settings.debug) {
        pool_debug_begin(pool);
        return STATUS_OK;
    }
    status = status != STATUS_OK ? status : spawn_first(pool, error);
    if (status != STATUS_OK) {
        pool->phase = POOL_FAILED;
        pool_kill_all(pool);
        error_set(&pool->failure, status, "the pool could not be started");
    }
    return status;
}

bool pool_tries_again(const struct pool *pool)
{
    return pool->phase == POOL_STARTING && pool->first_left == 0;
}

void pool_begin(struct pool *pool)
{
    size_t ready = pool->roster.staying.count - pool->starting;
    if (pool->boot_failure.status != STATUS_OK && ready < pool->wanted) {
        log_write(pool->log, LOG_LEVEL_ERROR, pool->service, 0,
                  "%zu of %zu workers did not come up and are tried again: %s",
                  pool->wanted - ready, pool->wanted, error_text(&pool->boot_failure));
        pool_restart_later(pool);
    }
    pool->phase = POOL_RUNNING;
    pool_supervise(pool);
    pool->executor.events->started(pool->executor.owner);
}

void pool_first_known(struct pool *pool)
{
    pool->first_left--;
    if (pool->first_left > 0 || pool->phase != POOL_STARTING) {
        return;
    }
    if (pool->roster.staying.count > pool->starting) {
        pool_begin(pool);
    } else if (pool->settings.keep_trying) {
        pool_restart_later(pool);
        pool_check_health(pool);
    } else {
        struct error failure = {0};
        error_move(&failure, &pool->boot_failure);
        pool_fail(pool, &failure);
    }
}
