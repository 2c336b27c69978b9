/* From the settings of a pool to its running workers. */
#ifndef COYOTE_ABI_WORKERS_START_H
#define COYOTE_ABI_WORKERS_START_H

#include "abi_pool.h"
#include "base/error.h"

/* The first call takes the settings; each waits up to `timeout` ms until the workers have booted. */
int workers_start(struct abi_pool *pool, int64_t timeout, struct error *error);

#endif
