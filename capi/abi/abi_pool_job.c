/* Group: pool, one job of it. */
#include "abi_pool.h"

#include "abi_check.h"
#include "last_error.h"

/* A key that is larger is not kept room for. */
enum { KEY_ROOM_MOST = 64 * 1024 };

struct pool_host_terms abi_pool_terms(struct abi_pool *pool)
{
    return (struct pool_host_terms){buffer_unread(&pool->key), pool->priority};
}

void abi_pool_terms_end(struct abi_pool *pool)
{
    pool->priority = POOL_HOST_PRIORITY;
    if (pool->key.capacity > KEY_ROOM_MOST) {
        buffer_free(&pool->key);
    } else {
        buffer_reset(&pool->key);
    }
}

static int set_key(struct abi_pool *pool, struct bytes key, struct error *error)
{
    int status = abi_bytes_check(key.data, key.size, "key", error);
    if (status == STATUS_OK && key.size > UINT32_MAX) {
        status = error_set(error, STATUS_ETOOBIG, "a key of %zu bytes: it must be below 4 GiB",
                           key.size);
    }
    if (status == STATUS_OK) {
        buffer_reset(&pool->key);
        status = key.size == 0 ? STATUS_OK : buffer_append(&pool->key, key);
    }
    return status;
}

int coy_pool_set_key(coy_pool *pool, const void *key, size_t size)
{
    struct error error = {0};
    struct abi_pool *found = abi_pool_find(pool);
    return found == NULL
               ? coy_error_status()
               : last_error_keep(set_key(found, (struct bytes){key, size}, &error), &error);
}

int coy_pool_set_priority(coy_pool *pool, int priority)
{
    struct error error = {0};
    struct abi_pool *found = abi_pool_find(pool);
    if (found == NULL) {
        return coy_error_status();
    }
    if (priority < 0 || priority >= JOB_PRIORITIES) {
        error_set(&error, STATUS_EINVAL, "the priority is %d; it must be from 0 to %d", priority,
                  JOB_PRIORITIES - 1);
    } else {
        found->priority = (uint8_t)priority;
    }
    return last_error_keep(error.status, &error);
}

static int take_back(coy_pool *pool, int64_t job,
                     int (*how)(struct pool_host *host, uint64_t id, struct error *error))
{
    struct error error = {0};
    struct abi_pool *found = abi_pool_find(pool);
    if (found == NULL) {
        return coy_error_status();
    }
    int status = abi_job_check(job, &error);
    status = status != STATUS_OK ? status : how(found->host, (uint64_t)job, &error);
    return last_error_keep(status, &error);
}

int coy_pool_cancel(coy_pool *pool, int64_t job)
{
    return take_back(pool, job, pool_host_cancel);
}

int coy_pool_abandon(coy_pool *pool, int64_t job)
{
    return take_back(pool, job, pool_host_abandon);
}

int64_t coy_pool_last_job(coy_pool *pool)
{
    struct abi_pool *found = abi_pool_find(pool);
    return found == NULL ? coy_error_status() : (int64_t)pool_host_last_job(found->host);
}
