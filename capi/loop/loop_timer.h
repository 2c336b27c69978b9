/* The timers of a loop: an intrusive pairing heap, so that setting one allocates nothing and can't
   fail. Fredman, Sedgewick, Sleator, Tarjan: "The pairing heap" (Algorithmica 1, 1986). */
#ifndef COYOTE_LOOP_LOOP_TIMER_H
#define COYOTE_LOOP_LOOP_TIMER_H

#include "loop/loop.h"

/* Both return the new root; an empty heap is NULL. */
struct loop_timer *timer_heap_insert(struct loop_timer *root, struct loop_timer *timer);
struct loop_timer *timer_heap_remove(struct loop_timer *root, struct loop_timer *timer);

#endif
