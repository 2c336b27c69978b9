#include "base/signal_hold.h"

#include <stddef.h>

/* Faults can't wait. Those that are ignored by default would, once held, interrupt hosts that have
   no handler for them: each worker's end is a SIGCHLD. */
static const int never_held[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,   SIGTRAP, SIGABRT,
                                 SIGSYS,  SIGCHLD, SIGCONT, SIGWINCH, SIGURG};

void signal_hold_init(struct signal_hold *hold)
{
    *hold = (struct signal_hold){0};
    sigfillset(&hold->held_back);
    for (size_t i = 0; i < sizeof never_held / sizeof *never_held; i++) {
        sigdelset(&hold->held_back, never_held[i]);
    }
}

void signal_hold_begin(struct signal_hold *hold)
{
    if (!hold->held) {
        hold->held = pthread_sigmask(SIG_BLOCK, &hold->held_back, &hold->before) == 0;
        hold->fresh = true;
    }
}

void signal_hold_end(struct signal_hold *hold)
{
    if (hold->held) {
        hold->held = false;
        pthread_sigmask(SIG_SETMASK, &hold->before, NULL);
    }
}

bool signal_hold_interrupted(struct signal_hold *hold)
{
    sigset_t pending;
    bool fresh = hold->fresh;
    hold->fresh = false;
    if (!hold->held || fresh || sigpending(&pending) != 0 || sigisemptyset(&pending)) {
        return false;
    }
    for (int signal = 1; signal < NSIG; signal++) {
        if (sigismember(&pending, signal) == 1 && sigismember(&hold->before, signal) == 0) {
            return true;
        }
    }
    return false;
}

const sigset_t *signal_hold_mask(const struct signal_hold *hold)
{
    return hold->held ? &hold->before : NULL;
}
