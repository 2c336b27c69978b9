#include "base/clock.h"

#include <limits.h>
#include <time.h>

static int64_t clock_read(clockid_t id)
{
    struct timespec time;
    clock_gettime(id, &time);
    return (int64_t)time.tv_sec * CLOCK_SECOND + time.tv_nsec;
}

int64_t clock_now(void)
{
    return clock_read(CLOCK_MONOTONIC);
}

int64_t clock_wall(void)
{
    return clock_read(CLOCK_REALTIME);
}

int64_t clock_after(int64_t milliseconds)
{
    if (milliseconds < 0 || milliseconds > INT64_MAX / CLOCK_MILLISECOND / 2) {
        return CLOCK_NEVER;
    }
    return clock_now() + milliseconds * CLOCK_MILLISECOND;
}

int clock_wait(int64_t deadline)
{
    if (deadline == CLOCK_NEVER) {
        return -1;
    }
    int64_t left = deadline - clock_now();
    if (deadline <= 0 || left <= 0) {
        return 0;
    }
    int64_t milliseconds = (left + CLOCK_MILLISECOND - 1) / CLOCK_MILLISECOND;
    return milliseconds > INT_MAX ? INT_MAX : (int)milliseconds;
}
