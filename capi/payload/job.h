/* A payload on its way through an executor. */
#ifndef COYOTE_PAYLOAD_JOB_H
#define COYOTE_PAYLOAD_JOB_H

#include <stdint.h>

#include "base/list.h"
#include "payload/payload.h"
#include "payload/reply.h"

enum { JOB_PRIORITIES = 10 }; /* 0 to 9 */

/* Where an executor has a job that it can still take back. */
enum job_place {
    JOB_ELSEWHERE, /* it is begun, or its outcome is on its way */
    JOB_QUEUED,    /* it waits for a worker */
    JOB_RETURNED,  /* so it does, and came back from one */
    JOB_BEHIND_KEY /* it waits for another of its key */
};

/* The submitter owns the struct and every byte it points to, and leaves both alone from submit
   until the executor's event `done`: so an executor neither allocates nor copies. Small, for there
   may be a million of them: no gaps, and the outcome goes by way of the executor. */
struct job {
    struct list_node node; /* the executor's while it has the job */
    uint64_t id;           /* the submitter's, for messages */
    struct payload payload;
    const void *key;   /* ordering: jobs of one key run in order, one at a time */
    uint32_t key_size; /* bytes; 0: any order */
    bool may_have_run; /* the executor's */
    uint8_t tries;     /* the executor's: workers that ended when it was their turn to answer it */
    uint8_t priority;  /* of the jobs that wait, those of the highest run first */
    uint8_t place;     /* the executor's: an enum job_place */
    int64_t deadline;  /* the executor's: until when it may wait for a worker */
    void *lane;        /* the executor's: what its key is for it */
};

static inline struct bytes job_key(const struct job *job)
{
    return (struct bytes){job->key, job->key_size};
}

#endif
