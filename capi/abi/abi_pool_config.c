/* Group: pool, from a config. */
#include <bindings.h>

coy_pool *coy_pool_new_from_config(const coy_config *config, const char *section)
{
    (void)config;
    (void)section;
    return NULL;
}
