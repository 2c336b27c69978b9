/* Group: pool. */
#include "abi_pool.h"

#include "abi_check.h"
#include "abi_reply.h"
#include "handle.h"
#include "last_error.h"
#include "service/event/workers_set.h"
#include "workers_start.h"

struct abi_pool *abi_pool_find(coy_pool *pool)
{
    struct error error = {0};
    struct abi_pool *found = handle_find(HANDLE_POOL, pool);
    int status = found == NULL ? handle_error(HANDLE_POOL, pool, &error)
                               : pool_host_check(found->host, &error);
    last_error_keep(status, &error);
    return status == STATUS_OK ? found : NULL;
}

/* As abi_pool_find, for a call that waits; followed by leave. */
static struct abi_pool *enter(coy_pool *pool)
{
    struct abi_pool *found = abi_pool_find(pool);
    if (found != NULL) {
        occupancy_enter(&found->occupancy);
    }
    return found;
}

/* The last that is done with it: it may be gone then. */
static void leave(struct abi_pool *pool)
{
    if (occupancy_leave(&pool->occupancy)) {
        abi_pool_free(pool);
    }
}

int coy_pool_set(coy_pool *pool, const char *key, const char *value)
{
    struct error error = {0};
    struct abi_pool *found = abi_pool_find(pool);
    if (found == NULL) {
        return coy_error_status();
    }
    int status = abi_text_check(key, "key", &error);
    status = status != STATUS_OK ? status : abi_text_check(value, "value", &error);
    if (status == STATUS_OK && found->section.config == NULL) {
        status = error_set(&error, STATUS_ESTATE,
                           "%s can't be set any more: coy_pool_start has been called with the "
                           "settings as they were",
                           key);
    } else if (status == STATUS_OK) {
        status = workers_set(found->section.config, "coy_pool_set", key, value, &error);
    }
    return last_error_keep(status, &error);
}

int coy_pool_start(coy_pool *pool, int64_t timeout_ms)
{
    struct error error = {0};
    struct abi_pool *found = enter(pool);
    if (found == NULL) {
        return coy_error_status();
    }
    int status = workers_start(found, timeout_ms, &error);
    leave(found);
    return last_error_keep(status, &error);
}

static int check_payload(const struct payload *payload, struct error *error)
{
    int status = abi_bytes_check(payload->context.data, payload->context.size, "context", error);
    return status != STATUS_OK
               ? status
               : abi_bytes_check(payload->body.data, payload->body.size, "body", error);
}

int64_t coy_pool_submit(coy_pool *pool, const void *context, size_t context_size, const void *body,
                        size_t body_size)
{
    struct error error = {0};
    const struct payload payload = {{context, context_size}, {body, body_size}};
    struct abi_pool *found = abi_pool_find(pool);
    if (found == NULL) {
        return coy_error_status();
    }
    int64_t id = check_payload(&payload, &error);
    if (id == STATUS_OK) {
        const struct pool_host_terms terms = abi_pool_terms(found);
        id = pool_host_submit(found->host, &payload, &terms, &error);
    }
    abi_pool_terms_end(found);
    if (id < 0) {
        last_error_keep((int)id, &error);
    }
    return id;
}

coy_reply *coy_pool_exec(coy_pool *pool, const void *context, size_t context_size, const void *body,
                         size_t body_size, int64_t timeout_ms)
{
    struct error error = {0};
    struct taken_reply *reply = NULL;
    const struct payload payload = {{context, context_size}, {body, body_size}};
    struct abi_pool *found = enter(pool);
    if (found == NULL) {
        return NULL;
    }
    int status = check_payload(&payload, &error);
    if (status == STATUS_OK) {
        const struct pool_host_terms terms = abi_pool_terms(found);
        status = pool_host_exec(found->host, &payload, &terms, timeout_ms, &reply, &error);
    }
    abi_pool_terms_end(found);
    leave(found);
    return abi_reply_hand_out(status, reply, &error);
}

/* 0: the oldest. */
static coy_reply *take(coy_pool *pool, int64_t job, int64_t timeout_ms)
{
    struct error error = {0};
    struct taken_reply *reply = NULL;
    struct abi_pool *found = enter(pool);
    if (found == NULL) {
        return NULL;
    }
    int status = pool_host_next(found->host, (uint64_t)job, timeout_ms, &reply, &error);
    leave(found);
    return abi_reply_hand_out(status, reply, &error);
}

coy_reply *coy_pool_next(coy_pool *pool, int64_t timeout_ms)
{
    return take(pool, 0, timeout_ms);
}

coy_reply *coy_pool_wait(coy_pool *pool, int64_t job, int64_t timeout_ms)
{
    struct error error = {0};
    if (abi_pool_find(pool) == NULL ||
        last_error_keep(abi_job_check(job, &error), &error) != STATUS_OK) {
        return NULL;
    }
    return take(pool, job, timeout_ms);
}

int coy_pool_set_longest_wait(coy_pool *pool, int64_t milliseconds)
{
    struct error error = {0};
    struct abi_pool *found = abi_pool_find(pool);
    if (found == NULL) {
        return coy_error_status();
    }
    if (milliseconds < 0) {
        error_set(&error, STATUS_EINVAL,
                  "the longest wait is negative; give milliseconds, or 0 for any time");
    } else {
        pool_host_set_longest_wait(found->host, milliseconds);
    }
    return last_error_keep(error.status, &error);
}

int coy_pool_reset(coy_pool *pool)
{
    struct error error = {0};
    struct abi_pool *found = abi_pool_find(pool);
    return found == NULL ? coy_error_status()
                         : last_error_keep(pool_host_reset(found->host, &error), &error);
}

int coy_pool_fd(coy_pool *pool)
{
    struct abi_pool *found = abi_pool_find(pool);
    return found == NULL ? coy_error_status() : pool_host_fd(found->host);
}

int coy_pool_stop(coy_pool *pool, int64_t timeout_ms)
{
    struct error error = {0};
    struct abi_pool *found = enter(pool);
    if (found == NULL) {
        return coy_error_status();
    }
    int status = pool_host_stop(found->host, timeout_ms, &error);
    leave(found);
    return last_error_keep(status, &error);
}
