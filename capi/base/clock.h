/* Time. Deadlines are monotonic; the wall clock is only reported. */
#ifndef COYOTE_BASE_CLOCK_H
#define COYOTE_BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_NEVER INT64_MAX
#define CLOCK_MILLISECOND INT64_C(1000000)
#define CLOCK_SECOND INT64_C(1000000000)

/* Nanoseconds of CLOCK_MONOTONIC. */
int64_t clock_now(void);

/* Nanoseconds since 1970, for logs and payloads. */
int64_t clock_wall(void);

/* now + milliseconds, CLOCK_NEVER when that does not fit or milliseconds is negative. */
int64_t clock_after(int64_t milliseconds);

/* Milliseconds until a deadline, rounded up, 0 when it has passed, -1 for CLOCK_NEVER: what
   epoll_wait takes. */
int clock_wait(int64_t deadline);

#endif
