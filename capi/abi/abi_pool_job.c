/* Group: pool, one job of it. */
#include <bindings.h>

coy_pool *coy_pool_new_from_config(const coy_config *config, const char *section)
{
    (void)config;
    (void)section;
    return NULL;
}

int coy_pool_set_key(coy_pool *pool, const void *key, size_t size)
{
    (void)pool;
    (void)key;
    (void)size;
    return COY_ESTATE;
}

int coy_pool_set_priority(coy_pool *pool, int priority)
{
    (void)pool;
    (void)priority;
    return COY_ESTATE;
}

int coy_pool_cancel(coy_pool *pool, int64_t job)
{
    (void)pool;
    (void)job;
    return COY_ESTATE;
}

int coy_pool_abandon(coy_pool *pool, int64_t job)
{
    (void)pool;
    (void)job;
    return COY_ESTATE;
}
