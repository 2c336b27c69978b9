/* Signals of a server. A library never calls this unless it is asked to serve.
   Handlers and an eventfd rather than signalfd: blocked signals would be inherited by what PHP
   starts inside coyote-embed, and a second signal must be heard while PHP has the thread. */
#ifndef COYOTE_LOOP_LOOP_SIGNAL_H
#define COYOTE_LOOP_LOOP_SIGNAL_H

#include "loop/loop.h"

/* One at a time in a process. Deliveries within ten milliseconds of one another count once. */
struct loop_signals {
    /* From a step: `count` deliveries since the last call, `last` is the signal's number. */
    void (*received)(struct loop_signals *signals, int last, unsigned count);
    /* From a step, for SIGHUP; NULL: it is left alone. */
    void (*hung_up)(struct loop_signals *signals);
    /* From the handler itself, async-signal-safe, may be NULL: `count` since the start. */
    void (*at_once)(int signal, unsigned count);
    struct loop_watch watch;
    unsigned seen;
};

/* Takes SIGINT and SIGTERM, and SIGHUP where it is asked for and was not ignored before (nohup);
   unblocks what it takes. */
int loop_signals_start(struct loop *loop, struct loop_signals *signals, struct error *error);

/* Puts the handlers back in place, should somebody have replaced them; what was heard and not told yet
   is not lost. */
void loop_signals_again(struct loop_signals *signals);

/* Gives back the handlers and the mask that were there. */
void loop_signals_stop(struct loop_signals *signals);

#endif
