#include "pool/pool.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pool_private.h"
#include "text_list.h"
#include "worker/worker_relay.h"
#include "worker/worker_user.h"

static struct pool *pool_of(struct executor *executor)
{
    return container_of(executor, struct pool, executor);
}

/* Once everything has ended, `stopped` is told from a step. */
void pool_check_stopped(struct pool *pool)
{
    if (pool->phase == POOL_STOPPING && pool_worker_count(pool) == 0) {
        pool->phase = POOL_STOPPED;
        worker_relay_close(&pool->worker_settings); /* its owner may take long to free the pool */
        pool->tell_stopped = true;
        loop_task_post(pool->loop, &pool->tell);
    }
}

void pool_fail(struct pool *pool, struct error *failure)
{
    pool->phase = POOL_FAILED;
    error_move(&pool->failure, failure);
    pool->tell_failed = true;
    loop_task_post(pool->loop, &pool->tell);
    pool_kill_all(pool);
}

static void tell_run(struct loop_task *task)
{
    struct pool *pool = container_of(task, struct pool, tell);
    const struct executor_events *events = pool->executor.events;
    void *owner = pool->executor.owner;
    pool_tell_refused(pool);
    if (pool->phase == POOL_STOPPING || pool->phase == POOL_STOPPED) {
        pool_queue_cancel(pool, "the pool was stopped before a worker was free");
    }
    if (pool->tell_failed) {
        pool->tell_failed = false;
        pool_queue_cancel(pool, error_text(&pool->failure));
        events->failed(owner, &pool->failure);
    }
    /* what is refused until then is told before: by the task that it has posted */
    if (pool->tell_stopped && !pool_has_refused(pool)) {
        pool->tell_stopped = false;
        events->stopped(owner);
    }
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

static int pool_start(struct executor *executor, struct error *error)
{
    struct pool *pool = pool_of(executor);
    if (pool->phase != POOL_NEW) {
        return error_set(error, STATUS_ESTATE, "the pool has been started already");
    }
    pool->phase = POOL_STARTING;
    cgroup_oom_start(&pool->oom, "");
    int status = take_user(pool, error);
    status = status != STATUS_OK ? status
                                 : worker_relay_open(&pool->worker_settings, pool->relay, error);
    for (size_t i = 0; i < pool->settings.num_workers && status == STATUS_OK; i++) {
        status = pool_spawn(pool, error);
    }
    if (status != STATUS_OK) {
        pool->phase = POOL_FAILED;
        pool_kill_all(pool);
        error_set(&pool->failure, status, "the pool could not be started");
    }
    return status;
}

static void pool_submit(struct executor *executor, struct job *job)
{
    struct pool *pool = pool_of(executor);
    bool taken = pool->phase == POOL_STARTING || pool->phase == POOL_RUNNING;
    job->may_have_run = false;
    if (!taken || payload_check(&job->payload, pool->settings.max_payload_size, NULL) < 0) {
        pool_refuse(pool, job, POOL_REFUSED);
        return;
    }
    size_t most = pool->settings.max_queue_size;
    if (most > 0 && pool_queue_size(pool) >= most) {
        pool_refuse(pool, job, POOL_REFUSED_FULL);
        return;
    }
    pool_queue_add(pool, job);
    pool_pump(pool);
}

static size_t pool_executor_room(const struct executor *executor)
{
    return pool_room(container_of(executor, const struct pool, executor));
}

static void pool_end(struct pool *pool, void (*end)(struct pool *))
{
    if (pool->phase != POOL_STOPPED) {
        pool->phase = POOL_STOPPING;
        loop_task_post(pool->loop, &pool->tell);
        end(pool);
        pool_check_stopped(pool);
    }
}

static void pool_stop(struct executor *executor)
{
    struct pool *pool = pool_of(executor);
    if (pool->phase != POOL_STOPPING) {
        pool_end(pool, pool_retire_all);
    }
}

static void pool_stop_now(struct executor *executor)
{
    pool_end(pool_of(executor), pool_kill_all);
}

static void pool_free(struct executor *executor)
{
    struct pool *pool = pool_of(executor);
    pool->phase = POOL_STOPPED; /* outcomes may make the owner submit again */
    pool_free_workers(pool);
    pool_queue_cancel(pool, "the pool was freed before a worker was free");
    while (pool_has_refused(pool)) {
        pool_tell_refused(pool);
    }
    loop_timer_stop(&pool->allocate);
    loop_timer_stop(&pool->restart);
    loop_timer_stop(&pool->watch);
    cgroup_oom_end(&pool->oom);
    loop_task_stop(&pool->tell);
    error_clear(&pool->failure);
    error_clear(&pool->unfit_reason);
    free((void *)(uintptr_t)pool->settings.command);
    free((void *)(uintptr_t)pool->settings.environment);
    worker_relay_close(&pool->worker_settings);
    free(pool->service);
    worker_user_free(pool->user);
    free((void *)(uintptr_t)pool->settings.user);
    free(pool->relay);
    free(pool);
}

static const struct executor_class pool_class = {
    .start = pool_start,
    .submit = pool_submit,
    .room = pool_executor_room,
    .reset = pool_reset,
    .stop = pool_stop,
    .stop_now = pool_stop_now,
    .free = pool_free,
};

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

static bool by_pipes(const struct pool_settings *settings)
{
    return settings->relay == NULL || worker_relay_is_pipes(settings->relay);
}

static int settings_check(const struct pool_settings *settings, struct error *error)
{
    if (settings->command == NULL || settings->command[0] == NULL) {
        return error_set(error, STATUS_EINVAL, "the pool needs a command, such as \"php app.php\"");
    }
    if (settings->num_workers < 1 || settings->num_workers > POOL_WORKERS_MOST) {
        return error_set(error, STATUS_EINVAL, "num_workers is %zu; it must be from 1 to %d",
                         settings->num_workers, POOL_WORKERS_MOST);
    }
    if (settings->allocate_timeout <= 0 || settings->destroy_timeout <= 0) {
        return error_set(error, STATUS_EINVAL,
                         "allocate_timeout and destroy_timeout must be more than 0");
    }
    if (!by_pipes(settings) && settings->relay_timeout <= 0) {
        return error_set(error, STATUS_EINVAL, "relay_timeout must be more than 0");
    }
    if (settings->watch_tick < 0 || settings->ttl < 0 || settings->idle_ttl < 0 ||
        settings->exec_ttl < 0) {
        return error_set(error, STATUS_EINVAL,
                         "watch_tick, ttl, idle_ttl and exec_ttl can't be negative");
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

static int settings_copy(struct pool *pool, const struct pool_settings *settings)
{
    pool->settings = *settings;
    if (settings->max_jobs != 0 && settings->prefetch > settings->max_jobs) {
        pool->settings.prefetch = (size_t)settings->max_jobs; /* room is told by it */
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

int pool_new(struct loop *loop, struct log *log, const struct pool_settings *settings,
             const struct executor_events *events, void *owner, struct executor **executor,
             struct error *error)
{
    int status = settings_check(settings, error);
    if (status != STATUS_OK) {
        return status;
    }
    struct pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return error_memory(error);
    }
    pool->executor = (struct executor){&pool_class, events, owner};
    pool->loop = loop;
    pool->log = log;
    pool->tell.run = tell_run;
    pool_queue_init(pool);
    pool_workers_init(pool);
    if (settings_copy(pool, settings) != STATUS_OK) {
        pool_free(&pool->executor);
        return error_memory(error);
    }
    pool->worker_settings = (struct worker_settings){
        .loop = loop,
        .log = log,
        .service = pool->service,
        .launcher = launcher_exec(),
        .command = pool->settings.command,
        .environment = pool->settings.environment,
        .protocol = settings->protocol,
        .max_payload_size = settings->max_payload_size,
        .boot_timeout = by_pipes(settings) ? settings->allocate_timeout : settings->relay_timeout,
        .destroy_timeout = settings->destroy_timeout,
        .oom = &pool->oom,
        .exec_ttl = settings->exec_ttl,
    };
    *executor = &pool->executor;
    return STATUS_OK;
}
