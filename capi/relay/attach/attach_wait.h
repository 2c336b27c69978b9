/* Waiting for one descriptor, with a deadline and with signals. */
#ifndef COYOTE_RELAY_ATTACH_ATTACH_WAIT_H
#define COYOTE_RELAY_ATTACH_ATTACH_WAIT_H

#include <stdint.h>

#include "base/error.h"
#include "base/signal_hold.h"

/* 0: ready (for `events` of poll, or its end); STATUS_ETIMEOUT, STATUS_EINTERRUPTED, STATUS_ESYSTEM.
   From the first wait of a call on signals are held, and let in only where it waits, so that none
   runs its handler without ending the call: whoever made `hold` ends it when the call is over. */
int attach_wait(int fd, short events, int64_t deadline, struct signal_hold *hold,
                struct error *error);

#endif
