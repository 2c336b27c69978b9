/* Who is inside of a call that waits, so that nothing is freed under it: a handler of a signal that
   interrupts the wait may free what is waited for, and then the call does it as it leaves. */
#ifndef COYOTE_ABI_OCCUPANCY_H
#define COYOTE_ABI_OCCUPANCY_H

#include <stdatomic.h>
#include <stdbool.h>

struct occupancy {
    atomic_uint state; /* OCCUPANCY_CALL for each call inside, and OCCUPANCY_ENDED */
};

enum { OCCUPANCY_ENDED = 1, OCCUPANCY_CALL = 2 };

static inline void occupancy_enter(struct occupancy *occupancy)
{
    atomic_fetch_add(&occupancy->state, OCCUPANCY_CALL);
}

/* true: it was to be freed meanwhile, and nobody else is inside: the caller frees it. */
static inline bool occupancy_leave(struct occupancy *occupancy)
{
    return atomic_fetch_sub(&occupancy->state, OCCUPANCY_CALL) ==
           (unsigned)OCCUPANCY_CALL + OCCUPANCY_ENDED;
}

static inline bool occupancy_is_empty(const struct occupancy *occupancy)
{
    return atomic_load(&occupancy->state) < OCCUPANCY_CALL;
}

/* It is to be freed. true: by the caller; false: by the last call to leave it. */
static inline bool occupancy_end(struct occupancy *occupancy)
{
    return atomic_fetch_or(&occupancy->state, OCCUPANCY_ENDED) < OCCUPANCY_CALL;
}

#endif
