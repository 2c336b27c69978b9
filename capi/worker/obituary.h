/* Why a worker died: judged by what is known of it, and told in one line for people. */
#ifndef COYOTE_WORKER_OBITUARY_H
#define COYOTE_WORKER_OBITUARY_H

#include "loop/loop_child.h"
#include "output.h"
#include "worker/worker.h"

struct obituary {
    const struct worker_settings *settings;
    bool connected; /* to where RR_RELAY says */
    bool booted;
    bool asked_to_end;     /* by us */
    bool asks_to_end;      /* by itself */
    bool closed;           /* its relay */
    bool stuck;            /* killed because a job took too long */
    int64_t finish_within; /* milliseconds; see worker_finish_within */
    bool unfinished;       /* killed because it did not */
    bool overdue;          /* killed because a deadline passed */
    bool killed;           /* killed because the pool wished it */
    bool broken;           /* killed because of the reason */
    struct error reason;   /* what went wrong on the relay; empty: nothing */
    size_t unanswered;     /* of its jobs; the one that was told as timed out as well */
    bool fails_a_job;      /* one of them, though it was to end */
    struct death_job job;  /* that it died with */
    size_t own_peak; /* bytes: what this process had used at most when it started the worker */
    struct loop_exit exit;
};

/* The facts, without the text; they borrow from all three. The kernel's kill for want of memory is
   taken by it, so it is called once for each death. */
void obituary_judge(const struct obituary *obituary, const struct worker *worker,
                    const struct output_tail *tail, struct worker_death *death);

/* The words; sets text and brief. The caller frees the text that is returned; NULL when memory ran
   out, then the death's says that. */
char *obituary_write(const struct obituary *obituary, pid_t pid, struct worker_death *death);

#endif
