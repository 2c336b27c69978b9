/* Ordering keys. The jobs of one key go through a lane: in order, one at a time, whatever worker
   they get. A lane is there only while it has jobs; its memory is used again. */
#ifndef COYOTE_POOL_POOL_LANES_H
#define COYOTE_POOL_POOL_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "payload/job.h"

/* One of its jobs is on its way, in the queue or at a worker; the others wait behind. (Not more than
   one even at the same worker: one that asks to be stopped may have run the second of two jobs, and
   not the first.) */
struct lane {
    struct lane *next; /* in its bucket, or among the free */
    char *key;         /* a copy: it outlives the job that brought it */
    size_t key_size;
    size_t key_room;
    uint64_t hash;       /* of the key */
    struct list waiting; /* jobs, oldest first */
};

struct lanes {
    struct lane **buckets; /* NULL: no key has come yet */
    size_t bucket_count;   /* a power of two */
    size_t count;
    uint64_t seed; /* so that nobody can choose keys that share a bucket */
    struct lane *free;
    size_t free_count;
    size_t waiting; /* jobs in all lanes together */
};

/* Whether a job of this key would be behind another. */
bool lanes_has(const struct lanes *lanes, struct bytes key);

/* Puts the job (job->lane) into the lane of its key: on its way (*waits is false) or behind the one
   that is. 0 or STATUS_EMEMORY. */
int lanes_enter(struct lanes *lanes, struct job *job, bool *waits);

/* The job on its way is over: the oldest that waits is now on its way; NULL: there is none, and the
   lane is gone. */
struct job *lanes_next(struct lanes *lanes, struct lane *lane);

/* One that waits behind another waits no more. */
void lanes_remove(struct lanes *lanes, struct job *job);

/* Moves all that wait to the end of a list: those of one lane in their order. */
void lanes_take_all(struct lanes *lanes, struct list *jobs);

/* No job waits any more. */
void lanes_free(struct lanes *lanes);

#endif
