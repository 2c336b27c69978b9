/* What a coy_pool stands for, shared by the files of its group. */
#ifndef COYOTE_ABI_ABI_POOL_H
#define COYOTE_ABI_ABI_POOL_H

#include <bindings.h>
#include <stdatomic.h>

#include "base/log.h"
#include "config/config.h"
#include "log_line.h"
#include "pool/pool_host.h"

struct abi_pool {
    struct pool_host *host;
    struct config *config; /* its `workers` section; NULL once the pool has been started */
    struct log_place log;  /* where coy_pool_log_next stands */
    atomic_bool inside;    /* a thread waits in one of its calls */
};

/* The pool, if it is one and of this process; NULL with the error kept. */
struct abi_pool *abi_pool_find(coy_pool *pool);

/* Frees it, unless a thread waits inside. */
void abi_pool_unload(struct abi_pool *pool);

#endif
