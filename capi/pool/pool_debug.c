/* Workers for breakpoints: none is started ahead, each serves one job, and no clock runs against
   somebody who reads his code. A worker is started for the oldest job that none was started for yet;
   where it does not boot, that job ends with the reason, and the next one tries the code anew. */
#include "pool_private.h"

void pool_debug_settings(struct pool_settings *settings)
{
    settings->max_jobs = 1;
    settings->prefetch = 1;
    settings->max_workers = 0;
    settings->allocate_timeout = -1;
    settings->destroy_timeout = -1;
    settings->relay_timeout = -1;
    settings->reset_timeout = 0;
    settings->exec_ttl = 0;
    settings->ttl = 0;
    settings->idle_ttl = 0;
    settings->max_worker_memory = 0;
}

/* A fresh one for each job that waits, up to num_workers at a time. */
static size_t missing(const struct pool *pool)
{
    size_t jobs = pool_queue_ready(pool);
    size_t room = pool->settings.num_workers > pool_worker_count(pool)
                      ? pool->settings.num_workers - pool_worker_count(pool)
                      : 0;
    size_t unserved = jobs > pool->starting ? jobs - pool->starting : 0;
    return unserved < room ? unserved : room;
}

void pool_debug_fail(struct pool *pool, pid_t pid, const char *why, size_t brief)
{
    struct job *job = pool->phase == POOL_RUNNING ? pool_queue_take(pool) : NULL;
    if (job == NULL) {
        return;
    }
    const struct reply reply = {
        .outcome = OUTCOME_CRASHED,
        .may_have_run = job->may_have_run,
        .message = bytes_of_text(why),
        .brief = (uint32_t)brief,
        .pid = pid,
    };
    pool_end_turn(pool, job);
    pool_done(pool, job, &reply);
}

static void run(struct loop_task *task)
{
    struct pool *pool = container_of(task, struct pool, debug);
    struct error error = {0};
    /* not for those that are submitted meanwhile: an owner that never gives up must not hold the step */
    for (size_t left = missing(pool); left > 0 && pool->phase == POOL_RUNNING && missing(pool) > 0;
         left--) {
        if (pool_spawn(pool, &error) != STATUS_OK) {
            error_prefix(&error, "can't start a worker: ");
            pool_debug_fail(pool, 0, error_text(&error), 0);
            error_clear(&error);
        }
    }
    pool_debug_wait(pool);
    pool_tell_room(pool); /* where jobs have ended and no worker is there to tell of it */
}

/* In a task: a job's outcome never comes from within its submit. */
void pool_debug_wait(struct pool *pool)
{
    if (pool->settings.debug && pool->phase == POOL_RUNNING && missing(pool) > 0) {
        loop_task_post(pool->loop, &pool->debug);
    }
}

void pool_debug_init(struct pool *pool)
{
    pool->debug.run = run;
}

void pool_debug_begin(struct pool *pool)
{
    pool->phase = POOL_RUNNING;
    pool->tell_started = true;
    loop_task_post(pool->loop, &pool->tell);
    log_write(
        pool->log, LOG_LEVEL_WARNING, pool->service, 0,
        "debug: each job has a fresh worker, so that it may stop at breakpoints; suspended are "
        "allocate_timeout, exec_ttl, destroy_timeout, reset_timeout, relay_timeout and "
        "max_worker_memory, and dynamic_allocator is not used");
}
