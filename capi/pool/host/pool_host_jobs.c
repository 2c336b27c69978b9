/* Its jobs: handed in, taken back, their outcomes waited for. */
#include <inttypes.h>

#include "base/clock.h"
#include "pool_host_private.h"

int pool_host_step(struct pool_host *host, int64_t deadline, struct error *error)
{
    int status = loop_step(host->loop, deadline, error);
    if (status == STATUS_OK && deadline <= loop_now(host->loop)) {
        status = STATUS_ETIMEOUT;
    }
    return status;
}

void pool_host_enter(struct pool_host *host, bool waits)
{
    loop_keep_readable(host->loop, false);
    /* a look is too short to be interrupted, and this would be most of its cost */
    if (waits) {
        loop_hold_signals(host->loop);
    }
}

int64_t pool_host_wait_end(const struct pool_host *host, int64_t deadline)
{
    int64_t end = host->longest_wait > 0 ? clock_after(host->longest_wait) : deadline;
    return end < deadline ? end : deadline;
}

void pool_host_tell_outcomes(struct pool_host *host)
{
    loop_keep_readable(host->loop, host->polled && !list_empty(&host->jobs.done));
}

int pool_host_leave(struct pool_host *host, int status)
{
    loop_release_signals(host->loop);
    pool_host_tell_outcomes(host);
    return status;
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
    /* what is refused for its size is not copied before */
    bool fits = payload_check(payload, host->max_payload_size, NULL) != STATUS_ETOOBIG;
    struct job *job = fits ? host_jobs_add(&host->jobs, payload, terms->key)
                           : host_jobs_add_sizes(&host->jobs, payload);
    if (job == NULL) {
        return error_memory(error);
    }
    int64_t id = (int64_t)job->id;
    job->priority = terms->priority;
    executor_submit(host->pool, job);
    return id;
}

/* Steps until the outcome is there. */
static int await(struct pool_host *host, uint64_t id, int64_t deadline, bool waits,
                 struct taken_reply **reply, struct error *error)
{
    struct taken_reply *taken = host_jobs_take(&host->jobs, id);
    int64_t end = pool_host_wait_end(host, deadline);
    int status = STATUS_OK;
    if (taken == NULL) {
        pool_host_enter(host, waits);
    }
    while (taken == NULL && status == STATUS_OK) {
        status = pool_host_step(host, end, error);
        taken = host_jobs_take(&host->jobs, id);
    }
    if (taken == NULL) {
        if (status == STATUS_ETIMEOUT && end < deadline) {
            status = error_set(error, STATUS_EINTERRUPTED, "the longest wait is over: call again");
        } else if (status == STATUS_ETIMEOUT) {
            error_set(error, status, "no outcome came in time");
        }
        return pool_host_leave(host, status);
    }
    *reply = taken;
    return pool_host_leave(host, STATUS_OK);
}

static int unknown(uint64_t id, struct error *error)
{
    return error_set(error, STATUS_EINVAL,
                     "job %" PRIu64 " is unknown, or its outcome has been taken already", id);
}

int pool_host_next(struct pool_host *host, uint64_t id, int64_t timeout, struct taken_reply **reply,
                   struct error *error)
{
    int64_t deadline = clock_after(timeout);
    bool waiting = !list_empty(&host->jobs.done) || host->jobs.pending.count > 0;
    if (id == 0 && deadline == CLOCK_NEVER && !waiting) {
        return error_set(error, STATUS_ESTATE,
                         "no job is on its way: waiting for an outcome would never end");
    }
    if (id != 0 && host_jobs_pending(&host->jobs, id) == NULL) {
        struct taken_reply *taken = host_jobs_take(&host->jobs, id);
        if (taken == NULL) {
            return unknown(id, error);
        }
        *reply = taken;
        return pool_host_leave(host, STATUS_OK);
    }
    return await(host, id, deadline, timeout != 0, reply, error);
}

uint64_t pool_host_last_job(const struct pool_host *host)
{
    return host->jobs.last_id;
}

void pool_host_set_longest_wait(struct pool_host *host, int64_t longest)
{
    host->longest_wait = longest;
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
        pool_host_tell_outcomes(host);
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
    int status = await(host, (uint64_t)id, deadline, timeout != 0, reply, error);
    if (status == STATUS_ETIMEOUT) {
        bool begun = pool_host_abandon(host, (uint64_t)id, NULL) == 0;
        error_set(error, status, "no outcome within %g s; %s", (double)timeout / 1000,
                  begun ? "the job goes on, its outcome is dropped"
                        : "no worker had begun the job, and it is taken back");
    }
    return status;
}
