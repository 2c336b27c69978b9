/* Looks at the workers now and then: those that are too old, idle for too long or too large are
   replaced. None of this ever costs a reply: a worker at work ends when it has answered. */
#include <inttypes.h>

#include "base/clock.h"
#include "pool_private.h"
#include "worker/process_memory.h"

static bool past(int64_t since, int64_t limit, int64_t now)
{
    return limit > 0 && now - since >= limit * CLOCK_MILLISECOND;
}

static void tell(struct pool *pool, const struct worker *worker, const char *why)
{
    log_write(pool->log, LOG_LEVEL_INFO, pool->service, worker->pid,
              "is replaced after %" PRIu64 " jobs: %s", worker->assigned, why);
}

static bool too_large(struct pool *pool, const struct worker *worker)
{
    size_t limit = pool->settings.max_worker_memory;
    struct process_memory memory;
    if (limit == 0 || !process_memory_read(worker->pid, &memory) || memory.bytes <= limit) {
        return false;
    }
    log_write(pool->log, LOG_LEVEL_WARNING, pool->service, worker->pid,
              "is replaced after %" PRIu64
              " jobs: it uses %.1f MiB (%s), more than the %.1f MiB of "
              "max_worker_memory",
              worker->assigned, (double)memory.bytes / (1024 * 1024), memory.what,
              (double)limit / (1024 * 1024));
    return true;
}

static bool has_had_its_day(struct pool *pool, const struct worker *worker, int64_t now)
{
    bool used_and_idle = worker->state == WORKER_READY && worker->assigned > 0;
    if (past(worker->started, pool->settings.ttl, now)) {
        tell(pool, worker, "it is as old as ttl allows");
        return true;
    }
    if (used_and_idle && past(worker->idle_since, pool->settings.idle_ttl, now)) {
        tell(pool, worker, "it was idle for as long as idle_ttl allows");
        return true;
    }
    return too_large(pool, worker);
}

/* A worker that boots is not asked: its boot_timeout looks after it. */
static void look_at_all(struct pool *pool)
{
    const struct list *staying = &pool->roster.staying;
    for (struct worker *worker = roster_first(staying), *next; worker != NULL; worker = next) {
        next = roster_next(staying, worker);
        if (worker->state != WORKER_STARTING && !worker->spent &&
            has_had_its_day(pool, worker, loop_now(pool->loop))) {
            pool_worker_spent(pool, worker);
        }
    }
}

static void set_watch(struct pool *pool)
{
    int64_t tick = pool->settings.watch_tick > 0 ? pool->settings.watch_tick : 1;
    loop_timer_set(pool->loop, &pool->watch, clock_after(tick));
}

static void watch_due(struct loop_timer *timer)
{
    struct pool *pool = container_of(timer, struct pool, watch);
    if (pool->phase == POOL_RUNNING) {
        cgroup_oom_forget(&pool->oom);
        look_at_all(pool);
        set_watch(pool);
    }
}

void pool_supervise(struct pool *pool)
{
    const struct pool_settings *settings = &pool->settings;
    pool->watch.due = watch_due;
    if (settings->ttl > 0 || settings->idle_ttl > 0 || settings->max_worker_memory > 0) {
        set_watch(pool);
    }
}
