/* What the files of this folder share. */
#ifndef COYOTE_RELAY_ATTACH_ATTACH_PRIVATE_H
#define COYOTE_RELAY_ATTACH_ATTACH_PRIVATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "attach_claim.h"
#include "attach_ends.h"
#include "attach_format.h"
#include "base/signal_hold.h"
#include "relay/ends/frame_writer.h"

struct attach {
    pid_t pid; /* who opened it: in the child of a fork it is dead */
    struct attach_ends ends;
    struct attach_claim claim;
    struct attach_format format;
    struct frame_writer writer;
    struct buffer kept; /* what the writer still has to write of an answer that a signal cut off */
    struct payload payload;
    struct error broken; /* why nothing can be read any more */
    bool recognised;     /* the format */
    bool greeted;        /* the handshake is answered */
    bool owes;           /* the payload has no answer */
    bool cut_off;        /* an answer has one, but not all of it is written */
    bool leaving;        /* the server was asked to stop this worker */
    bool stopped;        /* nothing comes any more */
};

/* STATUS_OK, or STATUS_EFORKED. */
int attach_check(const struct attach *attach, struct error *error);

/* Writes what waits. STATUS_EINTERRUPTED, STATUS_ETIMEOUT: not all of it; STATUS_ESYSTEM: the server
   is gone. */
int attach_flush(struct attach *attach, struct signal_hold *hold, int64_t deadline,
                 struct error *error);

#endif
