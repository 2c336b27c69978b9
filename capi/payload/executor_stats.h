/* What an executor has done so far and what it does now, in numbers. */
#ifndef COYOTE_PAYLOAD_EXECUTOR_STATS_H
#define COYOTE_PAYLOAD_EXECUTOR_STATS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "payload/death_cause.h"
#include "payload/reply.h"

enum { EXECUTOR_DEATHS_KEPT = 16 };

struct executor_death {
    int64_t time; /* wall clock, nanoseconds since 1970 */
    pid_t pid;
    enum death_cause cause;
    int signal;      /* 0: it exited, or that is not known */
    int exit_status; /* -1: a signal ended it, or that is not known */
    int64_t age;     /* milliseconds */
    uint64_t jobs_done;
    bool had_job;    /* it died with one that it had begun: */
    uint64_t job_id; /* the submitter's */
    size_t job_size; /* bytes of context and body */
    const char
        *text; /* the beginning of what the log says of it; owned by the executor, valid until
                          its next step; "" when memory had run out */
};

/* Between two steps each submitted job is in one place:
   submitted == the sum of outcomes + queued + behind_keys + in_flight + refused. */
struct executor_stats {
    uint64_t submitted;
    uint64_t outcomes[OUTCOME_COUNT];
    size_t queued;       /* may go to the next free worker */
    size_t behind_keys;  /* wait for another job of their key */
    size_t in_flight;    /* workers have them */
    size_t refused;      /* or taken back: their outcome is told with the next step */
    uint64_t given_back; /* how often a job came back from a worker that had not begun it */

    size_t workers_booting;
    size_t workers_ready; /* have nothing to do */
    size_t workers_working;
    size_t workers_leaving; /* their successors are counted above */
    uint64_t workers_started;
    uint64_t workers_died;
    uint64_t deaths[DEATH_CAUSE_COUNT]; /* of workers_died, by why */
};

/* Those that it remembers, and the last of them. */
struct executor_deaths {
    size_t count;
    struct executor_death last[EXECUTOR_DEATHS_KEPT]; /* the newest first */
};

#endif
