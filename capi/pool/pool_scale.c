/* Additional workers while jobs wait, and none once they have nothing to do (dynamic_allocator). A job
   is never failed by it: it waits as it would, and the next free worker has it, whichever that is. */
#include "pool_scale.h"

#include "base/clock.h"
#include "pool_private.h"

/* A worker takes about as long to boot: one that is started sooner would not serve the job sooner. */
#define PATIENCE (100 * CLOCK_MILLISECOND)

static size_t most(const struct pool *pool)
{
    return pool->settings.num_workers + pool->settings.max_workers;
}

static bool is_doubtful(const struct pool *pool)
{
    return pool->boot_failure.status != STATUS_OK;
}

static bool may_try(const struct pool *pool)
{
    return pool->settings.max_workers > 0 && pool->phase == POOL_RUNNING &&
           pool->restart.loop == NULL;
}

size_t pool_places(const struct pool *pool)
{
    if (pool->settings.debug) {
        return pool->settings.num_workers;
    }
    bool grows = may_try(pool) && !is_doubtful(pool);
    return grows ? most(pool) : pool->roster.staying.count - pool->starting;
}

/* How many jobs wait that no worker boots for, as far as there may be more workers. Those behind
   their keys wait for no worker. Where the last one did not boot, one is tried first. */
static size_t missing(const struct pool *pool)
{
    size_t waiting = pool_queue_ready(pool);
    size_t jobs = waiting > pool->starting ? waiting - pool->starting : 0;
    size_t room = most(pool) > pool->wanted ? most(pool) - pool->wanted : 0;
    size_t count = jobs < room ? jobs : room;
    if (is_doubtful(pool)) {
        return pool->starting > 0 || count == 0 ? 0 : 1;
    }
    return count;
}

/* --- jobs behind others --- */

/* Of how many jobs, about, it is the average. */
enum { MEMORY = 8 };

bool pool_scale_keeps(const struct pool *pool, const struct worker *worker)
{
    if (pool->settings.max_workers == 0 || list_empty(&worker->jobs) || !may_try(pool) ||
        is_doubtful(pool)) {
        return false;
    }
    int64_t wait = pool->scale.job_time * (int64_t)worker->jobs.count;
    bool more = pool->wanted < most(pool) || pool_queue_ready(pool) <= pool->starting;
    return more && (pool->scale.job_time == 0 || wait > PATIENCE);
}

void pool_scale_begun(struct pool *pool, struct worker *worker)
{
    if (pool->settings.max_workers > 0) {
        worker->busy_since = clock_now();
    }
}

void pool_scale_answered(struct pool *pool, struct worker *worker)
{
    if (pool->settings.max_workers > 0) {
        int64_t now = clock_now();
        int64_t took = now - worker->busy_since + 1;
        int64_t *average = &pool->scale.job_time;
        *average = *average == 0 ? took : *average + (took - *average) / MEMORY;
        worker->busy_since = now; /* if it has another */
    }
}

/* --- more --- */

/* When spawn_rate lets the next one be started. */
static int64_t next_turn(const struct pool *pool)
{
    int64_t last = pool->scale.spawned[pool->scale.turn];
    return last == 0 ? 0 : last + CLOCK_SECOND;
}

static int64_t when_to_grow(const struct pool *pool)
{
    int64_t patience_ends = pool_queue_oldest(pool) + PATIENCE;
    int64_t turn = next_turn(pool);
    return patience_ends > turn ? patience_ends : turn;
}

void pool_scale_wait(struct pool *pool)
{
    if (pool->scale.grow.loop == NULL && may_try(pool) && missing(pool) > 0) {
        loop_timer_set(pool->loop, &pool->scale.grow, when_to_grow(pool));
    }
}

static void count_spawned(struct pool *pool)
{
    struct pool_scale *scale = &pool->scale;
    scale->spawned[scale->turn] = clock_now();
    scale->turn = (scale->turn + 1) % pool->settings.spawn_rate;
    pool->wanted++;
}

static void grow(struct pool *pool, size_t count)
{
    struct error error = {0};
    size_t jobs = pool_queue_ready(pool);
    size_t spawned = 0;
    int status = STATUS_OK;
    while (spawned < count && next_turn(pool) <= clock_now() &&
           (status = pool_spawn(pool, &error)) == STATUS_OK) {
        count_spawned(pool);
        spawned++;
    }
    if (spawned > 0) {
        log_write(pool->log, LOG_LEVEL_INFO, pool->service, 0, "%zu more worker%s: %zu job%s",
                  spawned, spawned == 1 ? "" : "s", jobs, jobs == 1 ? " waits" : "s wait");
    }
    if (status != STATUS_OK) {
        pool_cannot_spawn(pool, &error);
    }
}

static void grow_due(struct loop_timer *timer)
{
    struct pool *pool = container_of(timer, struct pool, scale.grow);
    int64_t now = loop_now(pool->loop);
    size_t count = may_try(pool) ? missing(pool) : 0;
    if (count > 0 && when_to_grow(pool) <= now) {
        grow(pool, count);
    }
    pool_scale_wait(pool);
}

void pool_scale_back(struct pool *pool)
{
    if (pool->wanted > pool->settings.num_workers && pool_strength(pool) < pool->wanted) {
        pool->wanted--;
    }
}

/* --- nothing to do --- */

static int64_t idle_until(const struct pool *pool, const struct worker *worker)
{
    return worker->idle_since + pool->settings.idle_timeout * CLOCK_MILLISECOND;
}

void pool_scale_idle(struct pool *pool)
{
    if (pool->wanted > pool->settings.num_workers && pool->scale.shrink.loop == NULL &&
        pool->phase == POOL_RUNNING) {
        const struct worker *worker = roster_longest_idle(&pool->roster);
        if (worker != NULL) {
            loop_timer_set(pool->loop, &pool->scale.shrink, idle_until(pool, worker));
        }
    }
}

static void retire(struct pool *pool, struct worker *worker)
{
    pool->wanted--;
    log_write(pool->log, LOG_LEVEL_INFO, pool->service, worker->pid,
              "an additional worker has had nothing to do for %g s (idle_timeout): it is retired, "
              "%zu %s left",
              (double)pool->settings.idle_timeout / 1000, pool->wanted,
              pool->wanted == 1 ? "is" : "are");
    pool_leave(pool, worker);
}

static void shrink_due(struct loop_timer *timer)
{
    struct pool *pool = container_of(timer, struct pool, scale.shrink);
    struct worker *worker = roster_longest_idle(&pool->roster);
    if (pool->phase == POOL_RUNNING && pool->wanted > pool->settings.num_workers &&
        worker != NULL && idle_until(pool, worker) <= loop_now(pool->loop)) {
        retire(pool, worker);
    }
    pool_scale_idle(pool);
}

void pool_scale_init(struct pool *pool)
{
    pool->scale.grow.due = grow_due;
    pool->scale.shrink.due = shrink_due;
}

void pool_scale_stop(struct pool *pool)
{
    loop_timer_stop(&pool->scale.grow);
    loop_timer_stop(&pool->scale.shrink);
}
