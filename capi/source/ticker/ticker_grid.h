/* When ticks are due: tick n at start + n x interval, however late the ones before it came. */
#ifndef COYOTE_SOURCE_TICKER_GRID_H
#define COYOTE_SOURCE_TICKER_GRID_H

#include <stdbool.h>
#include <stdint.h>

/* All times are monotonic nanoseconds. */
struct ticker_grid {
    int64_t start;
    int64_t interval; /* above 0 */
    uint64_t next;    /* the first tick that was neither taken nor skipped */
};

/* Milliseconds to nanoseconds; what does not fit is as good as never. */
int64_t ticker_grid_interval(int64_t milliseconds);

/* When the next tick is due; CLOCK_NEVER when that is past the end of time. */
int64_t ticker_grid_due(const struct ticker_grid *grid);

/* Takes the newest tick that is due and skips those before it. false: none is. */
bool ticker_grid_take(struct ticker_grid *grid, int64_t now, uint64_t *tick, uint64_t *skipped);

#endif
