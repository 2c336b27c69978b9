/* Group: pool, how one comes to be and ends. */
#include <stdlib.h>

#include "abi_check.h"
#include "abi_config.h"
#include "abi_pool.h"
#include "handle.h"
#include "last_error.h"
#include "service/event/workers_set.h"

void abi_pool_free(struct abi_pool *pool)
{
    if (pool != NULL) {
        log_place_clear(&pool->log);
        pool_host_free(pool->host);
        pool_section_clear(&pool->section);
        buffer_free(&pool->key);
        free(pool);
    }
}

void abi_pool_unload(struct abi_pool *pool)
{
    if (occupancy_is_empty(&pool->occupancy)) {
        abi_pool_free(pool);
    }
}

static struct abi_pool *make(struct error *error)
{
    struct abi_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        error_memory(error);
        return NULL;
    }
    pool->priority = POOL_HOST_PRIORITY;
    pool->host = pool_host_new(error);
    if (pool->host == NULL) {
        abi_pool_free(pool);
        return NULL;
    }
    return pool;
}

/* One that is made of what was given, or the error. */
static coy_pool *hand_out(struct abi_pool *pool, struct error *error)
{
    void *handle = NULL;
    if (error->status == STATUS_OK) {
        handle = handle_new(HANDLE_POOL, pool);
        if (handle == NULL) {
            error_memory(error);
        }
    }
    if (handle == NULL) {
        abi_pool_free(pool);
    }
    last_error_keep(error->status, error);
    return handle;
}

static void take_command(struct abi_pool *pool, const char *command, struct error *error)
{
    pool->section.config = config_new();
    if (pool->section.config == NULL) {
        error_memory(error);
    } else {
        workers_set(pool->section.config, "coy_pool_new", "command", command, error);
    }
}

coy_pool *coy_pool_new(const char *command)
{
    struct error error = {0};
    struct abi_pool *pool = NULL;
    if (command == NULL) {
        error_set(&error, STATUS_EINVAL,
                  "the command is NULL: give one such as \"php worker.php\"");
    } else {
        pool = make(&error);
    }
    if (pool != NULL) {
        take_command(pool, command, &error);
    }
    return hand_out(pool, &error);
}

coy_pool *coy_pool_new_from_config(const coy_config *config, const char *section)
{
    struct error error = {0};
    struct abi_pool *pool = NULL;
    const struct config *found = abi_config_find(config, &error);
    if (found != NULL && abi_text_check(section, "section", &error) == STATUS_OK) {
        pool = make(&error);
    }
    if (pool != NULL) {
        pool_section_take(found, section, &pool->section, &error);
    }
    return hand_out(pool, &error);
}

void coy_pool_free(coy_pool *pool)
{
    struct abi_pool *found = handle_take(HANDLE_POOL, pool);
    if (found != NULL && occupancy_end(&found->occupancy)) {
        abi_pool_free(found);
    }
}
