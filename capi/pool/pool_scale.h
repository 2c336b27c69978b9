/* How many workers there are to be: num_workers, and more while jobs wait. */
#ifndef COYOTE_POOL_POOL_SCALE_H
#define COYOTE_POOL_POOL_SCALE_H

#include "loop/loop.h"
#include "pool/pool.h"

struct pool;

struct pool_scale {
    struct loop_timer grow;                /* set while jobs wait that more workers could serve */
    struct loop_timer shrink;              /* set while one of too many idles */
    int64_t spawned[POOL_SPAWN_RATE_MOST]; /* when the last spawn_rate were started, in a ring */
    size_t turn;                           /* the oldest of these */
};

void pool_scale_init(struct pool *pool);
/* For good. */
void pool_scale_stop(struct pool *pool);

/* Jobs wait, and no worker is free. */
void pool_scale_wait(struct pool *pool);
/* A worker has nothing to do. */
void pool_scale_idle(struct pool *pool);
/* One that is missing could not be started: if it is an additional one, let it be. */
void pool_scale_back(struct pool *pool);

/* How many workers can have jobs, those included that would be started for them. */
size_t pool_places(const struct pool *pool);

#endif
