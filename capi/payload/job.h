/* A payload on its way through an executor. */
#ifndef COYOTE_PAYLOAD_JOB_H
#define COYOTE_PAYLOAD_JOB_H

#include <stdint.h>

#include "base/list.h"
#include "payload/payload.h"
#include "payload/reply.h"

/* The submitter owns the struct and every byte it points to, and leaves both alone from submit
   until `done`: so an executor neither allocates nor copies. */
struct job {
    struct list_node node; /* the executor's while it has the job */
    uint64_t id;           /* the submitter's, for messages */
    struct bytes key;      /* ordering: jobs of one key run one at a time; empty: any order */
    struct payload payload;
    uint32_t attempt;  /* 1 for the first */
    bool may_have_run; /* the executor's */
    int64_t deadline;  /* the executor's: until when it may wait for a worker */

    /* Called exactly once for each submit, from a step of the loop and never from within submit.
       The job is the submitter's again when it is entered. */
    void (*done)(struct job *job, const struct reply *reply);
};

#endif
