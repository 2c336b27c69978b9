#include "backoff.h"

#include <sys/random.h>

#include "base/clock.h"

enum { DOUBLINGS_MOST = 7, PARTS = 4 };

void backoff_init(struct backoff *backoff, uint64_t seed)
{
    *backoff = (struct backoff){.random = seed};
    if (seed == 0 && getrandom(&backoff->random, sizeof backoff->random, GRND_NONBLOCK) !=
                         (ssize_t)sizeof backoff->random) {
        backoff->random = (uint64_t)clock_now() ^ (uint64_t)(uintptr_t)backoff;
    }
}

/* splitmix64, by Sebastiano Vigna, https://prng.di.unimi.it/splitmix64.c, in the public domain */
static uint64_t draw(struct backoff *backoff)
{
    uint64_t bits = backoff->random += UINT64_C(0x9e3779b97f4a7c15);
    bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
    return bits ^ (bits >> 31);
}

int64_t backoff_next(struct backoff *backoff)
{
    unsigned doublings = backoff->failures < DOUBLINGS_MOST ? backoff->failures : DOUBLINGS_MOST;
    int64_t wait = (int64_t)BACKOFF_FIRST << doublings;
    wait = wait < BACKOFF_MOST ? wait : BACKOFF_MOST;
    backoff->failures++;
    int64_t most = wait / PARTS;
    return wait - most + (int64_t)(draw(backoff) % (uint64_t)(2 * most + 1));
}

void backoff_reset(struct backoff *backoff)
{
    backoff->failures = 0;
}
