/* Ordering keys. The jobs of one key go through a lane: in order, one at a time, whatever worker
   they get. A lane is there only while it has jobs; its memory is used again. */
#ifndef COYOTE_POOL_POOL_LANES_H
#define COYOTE_POOL_POOL_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "payload/job.h"

struct worker;

/* Either its first job is in the queue, or a worker has jobs of it; the others wait behind. */
struct lane {
    struct lane *next; /* in its bucket, or among the free */
    char *key;         /* a copy: it outlives the job that brought it */
    size_t key_size;
    size_t key_room;
    uint64_t hash;         /* of the key */
    struct list waiting;   /* jobs, oldest first */
    struct worker *worker; /* the one that has jobs of it */
    size_t held;           /* how many */
    bool queued;           /* its first job is in the queue */
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

/* The lane of job->key, which may be new; NULL when memory ran out. */
struct lane *lanes_find(struct lanes *lanes, const struct job *job);

void lanes_wait(struct lanes *lanes, struct lane *lane, struct job *job);
/* The same for one that has had its turn: before the others. */
void lanes_wait_first(struct lanes *lanes, struct lane *lane, struct job *job);

/* The oldest that waits; NULL: none. */
struct job *lanes_take(struct lanes *lanes, struct lane *lane);

/* Moves all that wait to the end of a list: those of one lane in their order. */
void lanes_take_all(struct lanes *lanes, struct list *jobs);

/* Gives a lane back that has no job, neither waiting nor elsewhere. */
void lanes_drop(struct lanes *lanes, struct lane *lane);

/* No job waits any more. */
void lanes_free(struct lanes *lanes);

#endif
