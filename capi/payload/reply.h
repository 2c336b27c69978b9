/* How a job ended. Every job gets exactly one. */
#ifndef COYOTE_PAYLOAD_REPLY_H
#define COYOTE_PAYLOAD_REPLY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "payload/payload.h"

#define OUTCOME_LIST(X)                                                                            \
    X(OK, 0, "ok")               /* the worker answered */                                         \
    X(ERROR, 1, "error")         /* the worker answered with an error */                           \
    X(CRASHED, 2, "crashed")     /* the worker died while it had the job */                        \
    X(TIMED_OUT, 3, "timed_out") /* a deadline passed */                                           \
    X(REJECTED, 4, "rejected")   /* never accepted: too big, empty, queue full */                  \
    X(CANCELLED, 5, "cancelled") /* taken back: stop, revoke, the submitter's wish */

enum outcome {
#define OUTCOME_ENUM(name, value, text) OUTCOME_##name = (value),
    OUTCOME_LIST(OUTCOME_ENUM)
#undef OUTCOME_ENUM
};

enum {
#define OUTCOME_ONE(name, value, text) +1 /* NOLINT(bugprone-macro-parentheses): a sum of them */
    OUTCOME_COUNT = OUTCOME_LIST(OUTCOME_ONE)
#undef OUTCOME_ONE
};

const char *outcome_name(enum outcome outcome);

/* Borrowed: valid only during the call that hands it over. Without gaps: every queued job of a host has
   room for one. */
struct reply {
    enum outcome outcome;
    pid_t pid;              /* the worker, 0 when none had it */
    bool may_have_run;      /* false: PHP code has certainly not seen the job */
    uint32_t brief;         /* how much of the message's beginning suffices where the worker's death
                               is told in a line of its own; 0: the message is told nowhere else */
    struct payload payload; /* what the worker answered; empty unless OK */
    struct bytes message;   /* why not OK, in words; PHP's own for ERROR */
};

#endif
