/* Group: pool, its log. */
#include "abi_pool.h"

coy_log_line *coy_pool_log_next(coy_pool *pool)
{
    struct abi_pool *found = abi_pool_find(pool);
    return found == NULL ? NULL : log_place_step(&found->log, pool_host_log_next(found->host));
}
