/* What a pool may be told, and its own copy of it. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "pool_private.h"
#include "text_list.h"
#include "worker/worker_relay.h"
#include "worker/worker_user.h"

int pool_check_relay(const char *relay, struct error *error)
{
    return worker_relay_check(relay, error);
}

int pool_check_user(const char *user, struct error *error)
{
    struct worker_user *found = NULL;
    int status = worker_user_find(user, &found, error);
    worker_user_free(found);
    return status;
}

bool pool_by_pipes(const struct pool_settings *settings)
{
    return settings->relay == NULL || worker_relay_is_pipes(settings->relay);
}

int pool_settings_check(const struct pool_settings *settings, struct error *error)
{
    if (settings->command == NULL || settings->command[0] == NULL) {
        return error_set(error, STATUS_EINVAL, "the pool needs a command, such as \"php app.php\"");
    }
    if (settings->num_workers < 1 || settings->num_workers > POOL_WORKERS_MOST) {
        return error_set(error, STATUS_EINVAL, "num_workers is %zu; it must be from 1 to %d",
                         settings->num_workers, POOL_WORKERS_MOST);
    }
    if (settings->max_workers > POOL_WORKERS_MOST - settings->num_workers) {
        return error_set(error, STATUS_EINVAL,
                         "num_workers is %zu and max_workers %zu; together they may be up to %d",
                         settings->num_workers, settings->max_workers, POOL_WORKERS_MOST);
    }
    if (settings->max_workers > 0 &&
        (settings->spawn_rate < 1 || settings->spawn_rate > POOL_SPAWN_RATE_MOST ||
         settings->idle_timeout <= 0)) {
        return error_set(error, STATUS_EINVAL,
                         "spawn_rate must be from 1 to %d, and idle_timeout more than 0",
                         POOL_SPAWN_RATE_MOST);
    }
    if (settings->allocate_timeout <= 0 || settings->destroy_timeout <= 0) {
        return error_set(error, STATUS_EINVAL,
                         "allocate_timeout and destroy_timeout must be more than 0");
    }
    if (!pool_by_pipes(settings) && settings->relay_timeout <= 0) {
        return error_set(error, STATUS_EINVAL, "relay_timeout must be more than 0");
    }
    if (settings->watch_tick < 0 || settings->ttl < 0 || settings->idle_ttl < 0 ||
        settings->exec_ttl < 0 || settings->reset_timeout < 0) {
        return error_set(error, STATUS_EINVAL,
                         "watch_tick, ttl, idle_ttl, exec_ttl and reset_timeout can't be negative");
    }
    if (settings->prefetch < 1 || settings->prefetch > POOL_PREFETCH_MOST) {
        return error_set(error, STATUS_EINVAL, "prefetch is %zu; it must be from 1 to %d",
                         settings->prefetch, POOL_PREFETCH_MOST);
    }
    if (settings->max_payload_size < 1 || settings->max_payload_size > UINT32_MAX) {
        return error_set(error, STATUS_EINVAL,
                         "max_payload_size is %zu; it must be from 1 to %" PRIu32,
                         settings->max_payload_size, UINT32_MAX);
    }
    return STATUS_OK;
}

/* Of these the pool reckons in nanoseconds, in both directions; the others are only deadlines. So long
   is as good as for ever. */
static int64_t countable(int64_t milliseconds)
{
    const int64_t most = INT64_MAX / CLOCK_MILLISECOND / 4;
    return milliseconds < most ? milliseconds : most;
}

int pool_settings_copy(struct pool *pool, const struct pool_settings *settings)
{
    pool->settings = *settings;
    pool->settings.allocate_timeout = countable(settings->allocate_timeout);
    pool->settings.ttl = countable(settings->ttl);
    pool->settings.idle_ttl = countable(settings->idle_ttl);
    pool->settings.idle_timeout = countable(settings->idle_timeout);
    if (settings->debug) {
        pool_debug_settings(&pool->settings);
    }
    if (pool->settings.max_jobs != 0 && pool->settings.prefetch > pool->settings.max_jobs) {
        pool->settings.prefetch = (size_t)pool->settings.max_jobs; /* room is told by it */
    }
    pool->settings.command = text_list_copy(settings->command);
    pool->settings.environment = text_list_copy(settings->environment);
    pool->service = strdup(settings->service == NULL ? "pool" : settings->service);
    pool->settings.service = pool->service;
    pool->relay = strdup(settings->relay == NULL ? "pipes" : settings->relay);
    pool->settings.relay = pool->relay;
    pool->settings.user = settings->user == NULL ? NULL : strdup(settings->user);
    bool whole = pool->settings.command != NULL && pool->settings.environment != NULL &&
                 pool->service != NULL && pool->relay != NULL &&
                 (settings->user == NULL || pool->settings.user != NULL);
    return whole ? STATUS_OK : STATUS_EMEMORY;
}
