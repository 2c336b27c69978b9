/* A pool that is owned by a program instead of a service: it brings its own loop and log, copies
   what is submitted and keeps the outcomes until they are taken. */
#ifndef COYOTE_POOL_POOL_HOST_H
#define COYOTE_POOL_POOL_HOST_H

#include "base/log_queue.h"
#include "payload/host/host_jobs.h"
#include "pool/pool.h"

struct pool_host;

struct pool_host *pool_host_new(struct error *error);

/* Kills what still runs; outcomes that were not taken are lost. Blocks for the end of killed
   processes only. In the child of a fork it frees memory and closes descriptors, nothing more. */
void pool_host_free(struct pool_host *host);

/* STATUS_EFORKED in the child of a fork, with the text; every other call here wants this first. */
int pool_host_check(const struct pool_host *host, struct error *error);

/* Starts the workers and waits until each has booted or has failed to, and one has (see pool_new);
   `timeout` ms, negative: for ever.
   STATUS_ETIMEOUT, STATUS_EINTERRUPTED: it goes on, call again; STATUS_EWORKER: with the reason;
   STATUS_ESTATE: it was stopped. */
int pool_host_start(struct pool_host *host, const struct pool_settings *settings, int64_t timeout,
                    struct error *error);

/* Whether start has taken its settings; it has not when a worker could not be launched. */
bool pool_host_begun(const struct pool_host *host);

enum { POOL_HOST_PRIORITY = 4 };

/* How a job waits. */
struct pool_host_terms {
    struct bytes key; /* jobs of one key run in order, one at a time; an empty one is none */
    uint8_t priority; /* below JOB_PRIORITIES */
};

/* The job's id, 1 and up, or a negative status; all bytes are copied. NULL terms: no key, and
   POOL_HOST_PRIORITY. Does not block. */
int64_t pool_host_submit(struct pool_host *host, const struct payload *payload,
                         const struct pool_host_terms *terms, struct error *error);

/* submit and next of the same job in one. When the time is over first the job is abandoned; when a
   signal came, pool_host_next gives it. */
int pool_host_exec(struct pool_host *host, const struct payload *payload,
                   const struct pool_host_terms *terms, int64_t timeout, struct taken_reply **reply,
                   struct error *error);

/* 1: no worker had begun it, and its outcome, CANCELLED, comes with the next step; 0: it is begun or
   done, and nothing is changed; STATUS_EINVAL: as pool_host_next. Does not block. */
int pool_host_cancel(struct pool_host *host, uint64_t id, struct error *error);

/* The same, and whatever its outcome is, it is dropped: there is no such job any more. */
int pool_host_abandon(struct pool_host *host, uint64_t id, struct error *error);

/* Takes an outcome: the oldest (id 0) or a certain one, waiting up to `timeout` ms (negative: for
   ever). The caller frees it. STATUS_ETIMEOUT, STATUS_EINTERRUPTED, STATUS_EINVAL: no such id;
   STATUS_ESTATE: nothing was submitted that could be waited for. */
int pool_host_next(struct pool_host *host, uint64_t id, int64_t timeout, struct taken_reply **reply,
                   struct error *error);

/* The id of the job that was submitted last; 0: none was. */
uint64_t pool_host_last_job(const struct pool_host *host);

/* No exec, next or stop waits longer than so many ms before it says STATUS_EINTERRUPTED; 0: as long as its
   time-out. */
void pool_host_set_longest_wait(struct pool_host *host, int64_t longest);

/* Fresh workers for old ones, without failing a job; goes on while the host waits for outcomes.
   STATUS_ESTATE: it does not run. Does not block. */
int pool_host_reset(struct pool_host *host, struct error *error);

/* All zero before start. Does not block. */
void pool_host_stats(const struct pool_host *host, struct executor_stats *stats);

/* Readable when pool_host_next(host, 0, 0, ...) has something to do or to give. */
int pool_host_fd(struct pool_host *host);

/* The oldest log line, NULL when there is none; it lives until the next call. */
const struct log_line *pool_host_log_next(struct pool_host *host);

/* Lets begun jobs end, then the workers; waits up to `timeout` ms (negative: for ever), then kills.
   Outcomes can still be taken. Again, or before start: does nothing. */
int pool_host_stop(struct pool_host *host, int64_t timeout, struct error *error);

#endif
