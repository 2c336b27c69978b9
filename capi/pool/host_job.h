/* Jobs and replies of a host: copies that nobody else owns. */
#ifndef COYOTE_POOL_HOST_JOB_H
#define COYOTE_POOL_HOST_JOB_H

#include "payload/job.h"
#include "pool/pool_host.h"

/* In one block: context NUL body NUL message NUL. */
struct host_reply {
    struct pool_host_reply taken;
    struct list_node node; /* in the host's list of outcomes */
};

/* In one block: context NUL body NUL. */
struct host_job {
    struct host_reply last_resort; /* the first member: see host_job_reply */
    struct job job;
    struct list_node node; /* in the host's list of pending or abandoned jobs */
    bool abandoned;        /* its outcome is dropped */
};

/* NULL when memory ran out. */
struct host_job *host_job_new(const struct payload *payload);

/* The job becomes its outcome: what was `job` is the reply's now, or freed. Where memory for a copy
   has run out the reply says so in the job's own memory, as every job has an outcome. */
struct host_reply *host_job_reply(struct host_job *job, const struct reply *reply);
void host_reply_free(struct host_reply *reply);

#endif
