/* Group: log, of a pool. */
#include "abi_pool.h"
#include "base/clock.h"
#include "handle.h"

int coy_pool_log_next(coy_pool *pool)
{
    struct abi_pool *found = abi_pool_find(pool);
    if (found == NULL) {
        return coy_error_status();
    }
    found->line = pool_host_log_next(found->host);
    return found->line == NULL ? 0 : 1;
}

static const struct log_line *line_of(coy_pool *pool)
{
    const struct abi_pool *found = handle_find(HANDLE_POOL, pool);
    return found == NULL ? NULL : found->line;
}

int coy_pool_log_level(coy_pool *pool)
{
    const struct log_line *line = line_of(pool);
    return line == NULL ? -1 : (int)line->level;
}

double coy_pool_log_time(coy_pool *pool)
{
    const struct log_line *line = line_of(pool);
    return line == NULL ? 0 : (double)line->time / (double)CLOCK_SECOND;
}

int64_t coy_pool_log_pid(coy_pool *pool)
{
    const struct log_line *line = line_of(pool);
    return line == NULL ? -1 : (int64_t)line->pid;
}

const char *coy_pool_log_text(coy_pool *pool)
{
    const struct log_line *line = line_of(pool);
    return line == NULL ? NULL : line->text.data;
}
