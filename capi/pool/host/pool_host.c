#include "pool/pool_host.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "loop/loop.h"
#include "payload/host/host_jobs.h"

struct pool_host {
    struct loop *loop;
    struct log_queue log;
    struct executor *pool; /* NULL: not started */
    struct host_jobs jobs;
    bool polled; /* somebody has asked for the descriptor: else nobody could see what it tells */
    bool started;
    bool stopping; /* from the first wish on */
    bool stopped;
    struct error illness; /* why no worker serves, while none does */
    struct error failure;
};

static void host_started(void *owner)
{
    ((struct pool_host *)owner)->started = true;
}

static void host_room(void *owner)
{
    (void)owner;
}

static void host_health(void *owner, const struct error *reason, int64_t next_try)
{
    struct pool_host *host = owner;
    error_clear(&host->illness);
    if (reason == NULL) {
        log_write(&host->log.log, LOG_LEVEL_INFO, "pool", 0, "healthy again");
        return;
    }
    error_set(&host->illness, reason->status, "%s", error_text(reason));
    log_write(&host->log.log, LOG_LEVEL_ERROR, "pool", 0,
              "unhealthy: %s; the next try is in %.1f s", error_text(reason),
              (double)clock_wait(next_try) / 1000);
}

static void host_failed(void *owner, const struct error *failure)
{
    struct pool_host *host = owner;
    error_set(&host->failure, failure->status, "%s", error_text(failure));
}

static void host_stopped(void *owner)
{
    ((struct pool_host *)owner)->stopped = true;
}

static void host_done(void *owner, struct job *job, const struct reply *reply)
{
    host_jobs_settle(&((struct pool_host *)owner)->jobs, job, reply);
}

static const struct executor_events host_events = {
    .done = host_done,
    .started = host_started,
    .room = host_room,
    .health = host_health,
    .failed = host_failed,
    .stopped = host_stopped,
};

struct pool_host *pool_host_new(struct error *error)
{
    struct pool_host *host = calloc(1, sizeof *host);
    if (host == NULL) {
        error_memory(error);
        return NULL;
    }
    host->loop = loop_new(error);
    log_queue_init(&host->log, LOG_LEVEL_DEBUG);
    if (host_jobs_init(&host->jobs) != STATUS_OK && host->loop != NULL) {
        error_memory(error);
    } else if (host->loop != NULL) {
        return host;
    }
    pool_host_free(host);
    return NULL;
}

/* A step that keeps the caller's deadline even where there is always something to do. */
static int step(struct pool_host *host, int64_t deadline, struct error *error)
{
    int status = loop_step(host->loop, deadline, error);
    if (status == STATUS_OK && deadline <= loop_now(host->loop)) {
        status = STATUS_ETIMEOUT;
    }
    return status;
}

static void enter(struct pool_host *host)
{
    loop_keep_readable(host->loop, false);
    loop_hold_signals(host->loop);
}

static void tell_of_outcomes(struct pool_host *host)
{
    loop_keep_readable(host->loop, host->polled && !list_empty(&host->jobs.done));
}

/* From here on the descriptor tells of outcomes that nobody has taken. */
static int leave(struct pool_host *host, int status)
{
    loop_release_signals(host->loop);
    tell_of_outcomes(host);
    return status;
}

int pool_host_check(const struct pool_host *host, struct error *error)
{
    if (loop_forked(host->loop)) {
        return error_set(error, STATUS_EFORKED,
                         "the pool belongs to the parent process: free it here and make a new one");
    }
    return STATUS_OK;
}

int pool_host_start(struct pool_host *host, const struct pool_settings *settings, int64_t timeout,
                    struct error *error)
{
    int64_t deadline = clock_after(timeout);
    int status = STATUS_OK;
    if (host->stopping) {
        return error_set(error, STATUS_ESTATE, "the pool is stopped: make a new one");
    }
    if (host->pool == NULL) {
        status =
            pool_new(host->loop, &host->log.log, settings, &host_events, host, &host->pool, error);
        status = status != STATUS_OK ? status : executor_start(host->pool, error);
        if (status != STATUS_OK && host->pool != NULL) {
            executor_free(host->pool);
            host->pool = NULL;
        }
    }
    enter(host);
    while (status == STATUS_OK && !host->started && host->failure.status == STATUS_OK) {
        status = step(host, deadline, error);
    }
    if (host->failure.status != STATUS_OK) {
        status = error_set(error, host->failure.status, "%s", error_text(&host->failure));
    } else if (host->started) {
        status = STATUS_OK;
    } else if (status == STATUS_ETIMEOUT) {
        bool ill = host->illness.status != STATUS_OK;
        error_set(error, status,
                  "the workers have not all booted within %g s; they go on booting%s%s",
                  (double)timeout / 1000, ill ? ": " : "", ill ? error_text(&host->illness) : "");
    }
    return leave(host, status);
}

bool pool_host_begun(const struct pool_host *host)
{
    return host->pool != NULL;
}

int64_t pool_host_submit(struct pool_host *host, const struct payload *payload,
                         const struct pool_host_terms *terms, struct error *error)
{
    static const struct pool_host_terms usual = {.priority = POOL_HOST_PRIORITY};
    terms = terms == NULL ? &usual : terms;
    if (host->pool == NULL) {
        return error_set(error, STATUS_ESTATE, "start the pool first");
    }
    if (terms->key.size > UINT32_MAX) {
        return error_set(error, STATUS_ETOOBIG, "a key of %zu bytes: it must be below 4 GiB",
                         terms->key.size);
    }
    struct job *job = host_jobs_add(&host->jobs, payload, terms->key);
    if (job == NULL) {
        return error_memory(error);
    }
    int64_t id = (int64_t)job->id;
    job->priority = terms->priority;
    executor_submit(host->pool, job);
    return id;
}

/* Steps until the outcome is there. */
static int await(struct pool_host *host, uint64_t id, int64_t deadline, struct taken_reply **reply,
                 struct error *error)
{
    struct taken_reply *taken = host_jobs_take(&host->jobs, id);
    int status = STATUS_OK;
    if (taken == NULL) {
        enter(host);
    }
    while (taken == NULL && status == STATUS_OK) {
        status = step(host, deadline, error);
        taken = host_jobs_take(&host->jobs, id);
    }
    if (taken == NULL) {
        if (status == STATUS_ETIMEOUT) {
            error_set(error, status, "no outcome came in time");
        }
        return leave(host, status);
    }
    *reply = taken;
    return leave(host, STATUS_OK);
}

static int unknown(uint64_t id, struct error *error)
{
    return error_set(error, STATUS_EINVAL,
                     "job %" PRIu64 " is unknown, or its outcome has been taken already", id);
}

int pool_host_next(struct pool_host *host, uint64_t id, int64_t timeout, struct taken_reply **reply,
                   struct error *error)
{
    bool waiting = !list_empty(&host->jobs.done) || host->jobs.pending.count > 0;
    if (id == 0 && timeout < 0 && !waiting) {
        return error_set(error, STATUS_ESTATE,
                         "no job is on its way: waiting for an outcome would never end");
    }
    if (id != 0 && host_jobs_pending(&host->jobs, id) == NULL) {
        struct taken_reply *taken = host_jobs_take(&host->jobs, id);
        if (taken == NULL) {
            return unknown(id, error);
        }
        *reply = taken;
        return leave(host, STATUS_OK);
    }
    return await(host, id, clock_after(timeout), reply, error);
}

int pool_host_cancel(struct pool_host *host, uint64_t id, struct error *error)
{
    struct job *job = host_jobs_pending(&host->jobs, id);
    if (job != NULL) {
        return executor_cancel(host->pool, job) ? 1 : 0;
    }
    return host_jobs_is_settled(&host->jobs, id) ? 0 : unknown(id, error);
}

int pool_host_abandon(struct pool_host *host, uint64_t id, struct error *error)
{
    int status = pool_host_cancel(host, id, error);
    if (status >= 0 && host_jobs_is_settled(&host->jobs, id)) {
        taken_reply_free(host_jobs_take(&host->jobs, id));
        tell_of_outcomes(host);
    } else if (status >= 0) {
        host_jobs_abandon(&host->jobs, id);
    }
    return status;
}

int pool_host_exec(struct pool_host *host, const struct payload *payload,
                   const struct pool_host_terms *terms, int64_t timeout, struct taken_reply **reply,
                   struct error *error)
{
    int64_t deadline = clock_after(timeout);
    int64_t id = pool_host_submit(host, payload, terms, error);
    if (id < 0) {
        return (int)id;
    }
    int status = await(host, (uint64_t)id, deadline, reply, error);
    if (status == STATUS_ETIMEOUT) {
        bool begun = pool_host_abandon(host, (uint64_t)id, NULL) == 0;
        error_set(error, status, "no outcome within %g s; %s", (double)timeout / 1000,
                  begun ? "the job goes on, its outcome is dropped"
                        : "no worker had begun the job, and it is taken back");
    }
    return status;
}

int pool_host_reset(struct pool_host *host, struct error *error)
{
    return host->pool == NULL ? error_set(error, STATUS_ESTATE, "start the pool first")
                              : executor_reset(host->pool, error);
}

void pool_host_stats(const struct pool_host *host, struct executor_stats *stats)
{
    if (host->pool != NULL) {
        executor_read_stats(host->pool, stats);
    } else {
        *stats = (struct executor_stats){0};
    }
}

int pool_host_fd(struct pool_host *host)
{
    host->polled = true;
    tell_of_outcomes(host);
    return loop_fd(host->loop);
}

const struct log_line *pool_host_log_next(struct pool_host *host)
{
    return log_queue_next(&host->log);
}

static int step_until_stopped(struct pool_host *host, int64_t deadline, struct error *error)
{
    int status = STATUS_OK;
    while (status == STATUS_OK && !host->stopped) {
        status = step(host, deadline, error);
    }
    return host->stopped ? STATUS_OK : status;
}

int pool_host_stop(struct pool_host *host, int64_t timeout, struct error *error)
{
    if (host->pool == NULL || host->stopped) {
        return STATUS_OK;
    }
    host->stopping = true;
    enter(host);
    executor_stop(host->pool);
    int status = step_until_stopped(host, clock_after(timeout), error);
    if (status == STATUS_ETIMEOUT) {
        executor_stop_now(host->pool);
        status = step_until_stopped(host, CLOCK_NEVER, error);
    }
    return leave(host, status);
}

void pool_host_free(struct pool_host *host)
{
    if (host == NULL) {
        return;
    }
    executor_free(host->pool);
    host_jobs_free(&host->jobs);
    log_queue_free(&host->log);
    error_clear(&host->failure);
    error_clear(&host->illness);
    loop_free(host->loop);
    free(host);
}
