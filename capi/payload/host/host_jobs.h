/* Jobs and replies of a host: copies that nobody else owns, in one block each. */
#ifndef COYOTE_PAYLOAD_HOST_HOST_JOBS_H
#define COYOTE_PAYLOAD_HOST_HOST_JOBS_H

#include "payload/host/host_blocks.h"
#include "payload/host/id_table.h"
#include "payload/job.h"

/* A reply that has been taken: its own copy of everything, whoever ended. */
struct taken_reply {
    uint64_t id;
    struct reply reply;
};

/* From any thread; NULL does nothing. */
void taken_reply_free(struct taken_reply *taken);

struct host_jobs {
    struct host_blocks *job_blocks;
    struct host_blocks *reply_blocks; /* apart, so that blocks of a size come together */
    struct id_table pending; /* jobs without an outcome, but for those that are abandoned */
    struct id_table settled; /* outcomes to be taken */
    struct list done;        /* the same, oldest first */
    uint64_t last_id;
};

/* 0 or STATUS_EMEMORY. */
int host_jobs_init(struct host_jobs *jobs);
/* Outcomes that were not taken are lost; no job is pending any more. */
void host_jobs_free(struct host_jobs *jobs);

/* A pending copy with the next id; NULL when memory ran out, which it has for sizes that are together
   larger than any memory. */
struct job *host_jobs_add(struct host_jobs *jobs, const struct payload *payload, struct bytes key);

/* The same of one that is certain to be refused for its sizes: they are all that is kept of it. */
struct job *host_jobs_add_sizes(struct host_jobs *jobs, const struct payload *payload);

/* The job becomes its outcome, or nothing if it is abandoned. Where memory for a copy has run out
   the outcome says so in the job's own block, as every job has one. */
void host_jobs_settle(struct host_jobs *jobs, struct job *job, const struct reply *reply);

/* Nobody waits for its outcome any more. */
void host_jobs_abandon(struct host_jobs *jobs, uint64_t id);

/* NULL: it has its outcome already, is abandoned, or there is no such job. */
struct job *host_jobs_pending(const struct host_jobs *jobs, uint64_t id);

/* Whether its outcome is there to be taken. */
bool host_jobs_is_settled(const struct host_jobs *jobs, uint64_t id);

/* A certain outcome, or the oldest (id 0); NULL: it is not there. */
struct taken_reply *host_jobs_take(struct host_jobs *jobs, uint64_t id);

#endif
