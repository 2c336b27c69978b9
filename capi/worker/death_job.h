/* A copy of what is told of a job when its worker dies: its memory may be the submitter's again by
   then. */
#ifndef COYOTE_WORKER_DEATH_JOB_H
#define COYOTE_WORKER_DEATH_JOB_H

#include "payload/job.h"
#include "worker/worker_death.h"

/* Only the first is kept: it is the cause of what follows. */
void death_job_note(struct death_job *note, const struct job *job);
void death_job_free(struct death_job *note);

#endif
