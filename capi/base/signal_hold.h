/* Signals held back while a host's blocking call runs, and let in only where it waits: so that none
   can run its handler between two steps without ending the call. */
#ifndef COYOTE_BASE_SIGNAL_HOLD_H
#define COYOTE_BASE_SIGNAL_HOLD_H

#include <signal.h>
#include <stdbool.h>

struct signal_hold {
    bool held;
    bool fresh; /* nothing has run since it began */
    sigset_t held_back;
    sigset_t before; /* the thread's own mask */
};

void signal_hold_init(struct signal_hold *hold);

void signal_hold_begin(struct signal_hold *hold);
void signal_hold_end(struct signal_hold *hold);

/* Whether one waits that the thread itself does not block. Before the first wait of a hold it does not
   ask: that wait lets in what came. */
bool signal_hold_interrupted(struct signal_hold *hold);

/* What epoll_pwait takes: NULL when nothing is held. */
const sigset_t *signal_hold_mask(const struct signal_hold *hold);

#endif
