#include "ticker_grid.h"

#include "base/clock.h"

int64_t ticker_grid_interval(int64_t milliseconds)
{
    int64_t interval = 0;
    return __builtin_mul_overflow(milliseconds, CLOCK_MILLISECOND, &interval) ? INT64_MAX
                                                                              : interval;
}

int64_t ticker_grid_due(const struct ticker_grid *grid)
{
    int64_t due = 0;
    if (__builtin_mul_overflow(grid->next, grid->interval, &due) ||
        __builtin_add_overflow(grid->start, due, &due)) {
        return CLOCK_NEVER;
    }
    return due;
}

bool ticker_grid_take(struct ticker_grid *grid, int64_t now, uint64_t *tick, uint64_t *skipped)
{
    if (now < ticker_grid_due(grid)) {
        return false;
    }
    *tick = (uint64_t)((now - grid->start) / grid->interval);
    *skipped = *tick - grid->next;
    grid->next = *tick + 1;
    return true;
}
