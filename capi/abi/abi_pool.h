/* What a coy_pool stands for, shared by the files of its group. */
#ifndef COYOTE_ABI_ABI_POOL_H
#define COYOTE_ABI_ABI_POOL_H

#include <bindings.h>

#include "base/buffer.h"
#include "base/log.h"
#include "log_line.h"
#include "occupancy.h"
#include "pool/pool_host.h"
#include "pool_section.h"

struct abi_pool {
    struct pool_host *host;
    /* Its config: NULL once the pool has been started; its name: NULL unless it is of a config. */
    struct pool_section section;
    struct log_place log; /* where coy_pool_log_next stands */
    struct occupancy occupancy;
    struct buffer key; /* of the next job, and */
    uint8_t priority;  /* its priority */
};

/* The pool, if it is one and of this process; NULL with the error kept. */
struct abi_pool *abi_pool_find(coy_pool *pool);

/* What was set for the next job, which is this one: borrowed until abi_pool_terms_end. */
struct pool_host_terms abi_pool_terms(struct abi_pool *pool);
/* The one after it has none of it. */
void abi_pool_terms_end(struct abi_pool *pool);

/* NULL does nothing. */
void abi_pool_free(struct abi_pool *pool);

/* Frees it, unless a thread waits inside. */
void abi_pool_unload(struct abi_pool *pool);

#endif
