/* Waits between tries that fail: 100 ms, doubled each time, up to 10 s. Each is up to a quarter
   shorter or longer, so that many who failed together do not try again in step. */
#ifndef COYOTE_POOL_BACKOFF_H
#define COYOTE_POOL_BACKOFF_H

#include <stdint.h>

enum { BACKOFF_FIRST = 100, BACKOFF_MOST = 10000 }; /* milliseconds */

struct backoff {
    unsigned failures; /* in a row */
    uint64_t random;
};

/* From a seed the waits are always the same; 0: by chance. */
void backoff_init(struct backoff *backoff, uint64_t seed);

/* One more failure: how many milliseconds to wait. */
int64_t backoff_next(struct backoff *backoff);

/* It went well. */
void backoff_reset(struct backoff *backoff);

#endif
