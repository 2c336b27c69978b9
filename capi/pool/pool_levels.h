/* Jobs that wait for a worker, by their priority. Nothing in it grows with the number of jobs. */
#ifndef COYOTE_POOL_POOL_LEVELS_H
#define COYOTE_POOL_POOL_LEVELS_H

#include <stddef.h>

#include "base/list.h"
#include "payload/job.h"

struct levels {
    struct list
        returned[JOB_PRIORITIES];      /* came back from a worker: before the queue, oldest first */
    struct list queue[JOB_PRIORITIES]; /* have had no worker yet, oldest first */
    unsigned filled;                   /* a bit for each priority that has jobs */
    size_t count;                      /* of all */
};

void levels_init(struct levels *levels);

/* Behind those of its priority. */
void levels_add(struct levels *levels, struct job *job);
/* Before all of its priority: it comes back. */
void levels_return(struct levels *levels, struct job *job);

/* The first of the highest priority; NULL: there is none. */
struct job *levels_take(struct levels *levels);
/* Any that is in it. */
void levels_remove(struct levels *levels, struct job *job);

/* The one with the earliest deadline, where all wait for equally long; NULL: there is none. */
struct job *levels_first_due(const struct levels *levels);

#endif
