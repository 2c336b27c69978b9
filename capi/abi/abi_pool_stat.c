/* Group: pool, its numbers. */
#include "abi_check.h"
#include "abi_pool.h"
#include "last_error.h"
#include "payload/executor_number.h"

static int64_t read(const struct abi_pool *pool, const char *name, struct error *error)
{
    struct executor_stats stats;
    int64_t value = 0;
    pool_host_stats(pool->host, &stats);
    return executor_number_read(&stats, name, &value) == STATUS_OK
               ? value
               : error_set(error, STATUS_EINVAL,
                           "a pool keeps no number \"%s\"; coy_pool_stat_name tells the names",
                           name);
}

int64_t coy_pool_stat(coy_pool *pool, const char *name)
{
    struct error error = {0};
    struct abi_pool *found = abi_pool_find(pool);
    if (found == NULL) {
        return coy_error_status();
    }
    int64_t value = abi_text_check(name, "name", &error);
    value = value != STATUS_OK ? value : read(found, name, &error);
    if (value < 0) {
        last_error_keep((int)value, &error);
    }
    return value;
}

const char *coy_pool_stat_name(size_t index)
{
    return executor_number_name(index);
}
