/* How many workers there are to be: num_workers, and more while jobs wait. */
#ifndef COYOTE_POOL_POOL_SCALE_H
#define COYOTE_POOL_POOL_SCALE_H

#include "loop/loop.h"
#include "pool/pool.h"

struct pool;
struct worker;

struct pool_scale {
    struct loop_timer grow;                /* set while jobs wait that more workers could serve */
    struct loop_timer shrink;              /* set while one of too many idles */
    int64_t spawned[POOL_SPAWN_RATE_MOST]; /* when the last spawn_rate were started, in a ring */
    size_t turn;                           /* the oldest of these */
    int64_t job_time; /* what a job takes, on average of the last; 0: not known yet */
};

void pool_scale_init(struct pool *pool);
/* For good. */
void pool_scale_stop(struct pool *pool);

/* Whether a job is better kept in the queue, where a worker that is still to be started can have it,
   than put behind the jobs of this one. */
bool pool_scale_keeps(const struct pool *pool, const struct worker *worker);
/* For that: how long jobs take, from when a worker begins to when it has answered. */
void pool_scale_begun(struct pool *pool, struct worker *worker);
void pool_scale_answered(struct pool *pool, struct worker *worker);

/* Jobs wait, and no worker is free. */
void pool_scale_wait(struct pool *pool);
/* A worker has nothing to do. */
void pool_scale_idle(struct pool *pool);
/* One that is missing could not be started: if it is an additional one, let it be. */
void pool_scale_back(struct pool *pool);

/* How many workers can have jobs, those included that would be started for them. */
size_t pool_places(const struct pool *pool);

#endif
