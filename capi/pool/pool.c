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
    if (pool->tell_started && pool->phase == POOL_RUNNING) {
        pool->tell_started = false;
        events->started(owner);
    }
    pool_tell_health(pool);
    bool taken_back = !list_empty(&pool->refused[POOL_TAKEN_BACK]);
    pool_tell_refused(pool);
    if (taken_back) {
        pool_tell_room(pool);
    }
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

static void pool_submit(struct executor *executor, struct job *job)
{
    struct pool *pool = pool_of(executor);
    bool taken = pool->phase == POOL_STARTING || pool->phase == POOL_RUNNING;
    job->may_have_run = false;
    job->tries = 0;
    job->lane = NULL;
    job->place = JOB_ELSEWHERE;
    pool->stats.submitted++;
    if (!taken || payload_check(&job->payload, pool->settings.max_payload_size, NULL) < 0) {
        pool_refuse(pool, job, POOL_REFUSED);
        return;
    }
    size_t most = pool->settings.max_queue_size;
    if (most > 0 && pool_queue_size(pool) >= most && pool_would_wait(pool, job)) {
        pool_refuse(pool, job, POOL_REFUSED_FULL);
        return;
    }
    pool_admit(pool, job);
}

static bool pool_cancel(struct executor *executor, struct job *job)
{
    struct pool *pool = pool_of(executor);
    if (!pool_queue_take_back(pool, job)) {
        return false;
    }
    pool_refuse(pool, job, POOL_TAKEN_BACK);
    pool_pump(pool);
    return true;
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
    lanes_free(&pool->lanes);
    loop_timer_stop(&pool->allocate);
    loop_timer_stop(&pool->restart);
    pool_scale_stop(pool);
    loop_timer_stop(&pool->watch);
    cgroup_oom_end(&pool->oom);
    pool_stats_free(&pool->stats);
    loop_task_stop(&pool->tell);
    loop_task_stop(&pool->debug);
    error_clear(&pool->failure);
    error_clear(&pool->boot_failure);
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
    .cancel = pool_cancel,
    .room = pool_executor_room,
    .reset = pool_reset,
    .stop = pool_stop,
    .stop_now = pool_stop_now,
    .stats = pool_stats_read,
    .deaths = pool_stats_read_deaths,
    .free = pool_free,
};

int pool_new(struct loop *loop, struct log *log, const struct pool_settings *settings,
             const struct executor_events *events, void *owner, struct executor **executor,
             struct error *error)
{
    int status = pool_settings_check(settings, error);
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
    pool_refusals_init(pool);
    if (pool_settings_copy(pool, settings) != STATUS_OK || pool_workers_init(pool) != STATUS_OK) {
        pool_free(&pool->executor);
        return error_memory(error);
    }
    const struct pool_settings *own = &pool->settings;
    pool->worker_settings = (struct worker_settings){
        .loop = loop,
        .log = log,
        .service = pool->service,
        .launcher = launcher_exec(),
        .command = pool->settings.command,
        .environment = pool->settings.environment,
        .protocol = settings->protocol,
        .max_payload_size = settings->max_payload_size,
        .boot_timeout = pool_by_pipes(own) ? own->allocate_timeout : own->relay_timeout,
        .destroy_timeout = own->destroy_timeout,
        .oom = &pool->oom,
        .exec_ttl = own->exec_ttl,
    };
    *executor = &pool->executor;
    return STATUS_OK;
}
