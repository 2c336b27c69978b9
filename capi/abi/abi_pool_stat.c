/* Group: pool, its numbers. */
#include <bindings.h>

int64_t coy_pool_stat(coy_pool *pool, const char *name)
{
    (void)pool;
    (void)name;
    return COY_ESTATE;
}

const char *coy_pool_stat_name(size_t index)
{
    (void)index;
    return NULL;
}
