/* How a pool of a program begins and ends, and what it tells. */
#include "pool/pool_host.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "pool_host_private.h"

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
        log_write(&host->log.log, LOG_LEVEL_INFO, host->service, 0, "healthy again");
        return;
    }
    error_set(&host->illness, reason->status, "%s", error_text(reason));
    log_write(&host->log.log, LOG_LEVEL_ERROR, host->service, 0,
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

int pool_host_check(const struct pool_host *host, struct error *error)
{
    if (loop_forked(host->loop)) {
        return error_set(
            error, STATUS_EFORKED,
            "the pool belongs to the parent process, and its workers do: make a new one here");
    }
    return STATUS_OK;
}

static int begin(struct pool_host *host, const struct pool_settings *settings, struct error *error)
{
    free(host->service);
    host->service = strdup(settings->service == NULL ? "pool" : settings->service);
    host->max_payload_size = settings->max_payload_size;
    if (host->service == NULL) {
        return error_memory(error);
    }
    int status =
        pool_new(host->loop, &host->log.log, settings, &host_events, host, &host->pool, error);
    status = status != STATUS_OK ? status : executor_start(host->pool, error);
    if (status != STATUS_OK && host->pool != NULL) {
        executor_free(host->pool);
        host->pool = NULL;
    }
    return status;
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
        status = begin(host, settings, error);
    }
    pool_host_enter(host, true);
    while (status == STATUS_OK && !host->started && host->failure.status == STATUS_OK) {
        status = pool_host_step(host, deadline, error);
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
    return pool_host_leave(host, status);
}

bool pool_host_begun(const struct pool_host *host)
{
    return host->pool != NULL;
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
    pool_host_tell_outcomes(host);
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
        status = pool_host_step(host, deadline, error);
    }
    return host->stopped ? STATUS_OK : status;
}

int pool_host_stop(struct pool_host *host, int64_t timeout, struct error *error)
{
    if (host->pool == NULL || host->stopped) {
        return STATUS_OK;
    }
    host->stopping = true;
    pool_host_enter(host, true);
    executor_stop(host->pool);
    int status = step_until_stopped(host, clock_after(timeout), error);
    if (status == STATUS_ETIMEOUT) {
        executor_stop_now(host->pool);
        status = step_until_stopped(host, CLOCK_NEVER, error);
    }
    return pool_host_leave(host, status);
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
    free(host->service);
    loop_free(host->loop);
    free(host);
}
