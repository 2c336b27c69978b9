/* Jobs and replies of a host: copies that nobody else owns. */
#ifndef COYOTE_POOL_HOST_JOB_H
#define COYOTE_POOL_HOST_JOB_H

#include "payload/job.h"
#include "pool/pool_host.h"

struct host_job {
    struct job job;
    struct list_node node; /* in the host's list of pending jobs */
    void *host;
    bool abandoned; /* its outcome is dropped */
    unsigned char bytes[];
};

struct host_reply {
    struct pool_host_reply taken;
    struct list_node node; /* in the host's list of outcomes */
    unsigned char bytes[]; /* context NUL body NUL message NUL */
};

/* NULL when memory ran out. */
struct host_job *host_job_new(const struct payload *payload);
struct host_reply *host_reply_new(uint64_t id, const struct reply *reply);

#endif
