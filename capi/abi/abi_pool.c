/* Group: pool. */
#include "abi_pool.h"

#include <stdlib.h>

#include "bytes_check.h"
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

static void abi_pool_free(struct abi_pool *pool)
{
    if (pool != NULL) {
        log_place_clear(&pool->log);
        pool_host_free(pool->host);
        config_free(pool->config);
        free(pool);
    }
}

void abi_pool_unload(struct abi_pool *pool)
{
    if (!atomic_load(&pool->inside)) {
        abi_pool_free(pool);
    }
}

/* As abi_pool_find, for a call that waits; followed by leave. */
static struct abi_pool *enter(coy_pool *pool)
{
    struct abi_pool *found = abi_pool_find(pool);
    if (found != NULL) {
        atomic_store(&found->inside, true);
    }
    return found;
}

static void leave(struct abi_pool *pool)
{
    atomic_store(&pool->inside, false);
}

static struct abi_pool *abi_pool_make(const char *command, struct error *error)
{
    struct abi_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        error_memory(error);
        return NULL;
    }
    pool->host = pool_host_new(error);
    pool->config = pool->host == NULL ? NULL : config_new();
    if (pool->host != NULL && pool->config == NULL) {
        error_memory(error);
    }
    if (pool->config == NULL ||
        workers_set(pool->config, "coy_pool_new", "command", command, error) != STATUS_OK) {
        abi_pool_free(pool);
        return NULL;
    }
    return pool;
}

coy_pool *coy_pool_new(const char *command)
{
    struct error error = {0};
    struct abi_pool *pool = NULL;
    void *handle = NULL;
    if (command == NULL) {
        error_set(&error, STATUS_EINVAL,
                  "the command is NULL: give one such as \"php worker.php\"");
    } else {
        pool = abi_pool_make(command, &error);
        handle = pool == NULL ? NULL : handle_new(HANDLE_POOL, pool);
        if (pool != NULL && handle == NULL) {
            error_memory(&error);
            abi_pool_free(pool);
        }
    }
    last_error_keep(error.status, &error);
    return handle;
}

int coy_pool_set(coy_pool *pool, const char *key, const char *value)
{
    struct error error = {0};
    struct abi_pool *found = abi_pool_find(pool);
    if (found == NULL) {
        return coy_error_status();
    }
    int status;
    if (key == NULL || value == NULL) {
        status = error_set(&error, STATUS_EINVAL, "key and value must be text, not NULL");
    } else if (found->config == NULL) {
        status =
            error_set(&error, STATUS_ESTATE, "%s can't be set any more: the pool is started", key);
    } else {
        status = workers_set(found->config, "coy_pool_set", key, value, &error);
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
    int status = bytes_check(payload->context, "context", error);
    return status != STATUS_OK ? status : bytes_check(payload->body, "body", error);
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
        id = pool_host_submit(found->host, &payload, &error);
    }
    if (id < 0) {
        last_error_keep((int)id, &error);
    }
    return id;
}

/* A reply that was taken becomes a handle. */
static coy_reply *hand_out(int status, struct taken_reply *reply, struct error *error)
{
    void *handle = status == STATUS_OK ? handle_new(HANDLE_REPLY, reply) : NULL;
    if (status == STATUS_OK && handle == NULL) {
        status = error_memory(error);
        taken_reply_free(reply);
    }
    last_error_keep(status, error);
    return handle;
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
        status = pool_host_exec(found->host, &payload, timeout_ms, &reply, &error);
    }
    leave(found);
    return hand_out(status, reply, &error);
}

static coy_reply *take(coy_pool *pool, uint64_t job, int64_t timeout_ms)
{
    struct error error = {0};
    struct taken_reply *reply = NULL;
    struct abi_pool *found = enter(pool);
    if (found == NULL) {
        return NULL;
    }
    int status = pool_host_next(found->host, job, timeout_ms, &reply, &error);
    leave(found);
    return hand_out(status, reply, &error);
}

coy_reply *coy_pool_next(coy_pool *pool, int64_t timeout_ms)
{
    return take(pool, 0, timeout_ms);
}

coy_reply *coy_pool_wait(coy_pool *pool, int64_t job, int64_t timeout_ms)
{
    /* 0 means any job below; no job has a negative number */
    return take(pool, job <= 0 ? UINT64_MAX : (uint64_t)job, timeout_ms);
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

void coy_pool_free(coy_pool *pool)
{
    abi_pool_free(handle_take(HANDLE_POOL, pool));
}
