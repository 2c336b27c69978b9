/* What a coy_pool stands for, shared by the files of its group. */
#ifndef COYOTE_ABI_ABI_POOL_H
#define COYOTE_ABI_ABI_POOL_H

#include <bindings.h>
#include <stdatomic.h>

#include "base/buffer.h"
#include "base/log.h"
#include "config/config.h"
#include "log_line.h"
#include "pool/pool_host.h"

struct abi_pool {
    struct pool_host *host;
    struct config *config; /* its `workers` section; NULL once the pool has been started */
    struct log_place log;  /* where coy_pool_log_next stands */
    atomic_bool inside;    /* a thread waits in one of its calls */
    struct buffer key;     /* of the next job, and */
    uint8_t priority;      /* its priority */
};

/* The pool, if it is one and of this process; NULL with the error kept. */
struct abi_pool *abi_pool_find(coy_pool *pool);

/* STATUS_EINVAL: impossible bytes; PHP passes a negative size on as a huge one. `name` is for the
   message. */
int abi_bytes_check(const void *data, size_t size, const char *name, struct error *error);

/* STATUS_EINVAL: no job has such a number. */
int abi_job_check(int64_t job, struct error *error);

/* What was set for the next job, which is this one: borrowed until abi_pool_terms_end. */
struct pool_host_terms abi_pool_terms(struct abi_pool *pool);
/* The one after it has none of it. */
void abi_pool_terms_end(struct abi_pool *pool);

/* Frees it, unless a thread waits inside. */
void abi_pool_unload(struct abi_pool *pool);

#endif
