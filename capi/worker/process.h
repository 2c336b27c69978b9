/* A worker from within, shared by the files that make it up:
     worker.c          its beginning and end, and the pool's wishes
     process_jobs.c    the jobs that it holds
     process_unsure.c  answers of which it is not clear whose they are
     process_life.c    the table of worker_state.h, put to work
     process_events.c  what its relay, its clock and the kernel tell of it */
#ifndef COYOTE_WORKER_PROCESS_H
#define COYOTE_WORKER_PROCESS_H

#include "death_job.h"
#include "loop/loop_child.h"
#include "obituary.h"
#include "output.h"
#include "relay/relay.h"
#include "worker/worker.h"

struct process {
    struct worker worker;
    const struct worker_settings *settings;
    const struct worker_events *events;
    void *owner;
    struct relay *relay;
    struct loop_child child;
    struct loop_timer deadline;
    struct loop_timer job_deadline;
    bool given_up;    /* at a job that was told as timed out, and is not in the list any more */
    bool ambiguous;   /* what it answers: see process_unsure.c */
    struct list kept; /* what it has answered since */
    bool unheard;     /* what it says: after nonsense, or when its end may have cost some of it */
    struct output output;
    struct output errors;
    struct output_tail tail;
    struct obituary obituary;
    size_t unsent; /* the last of its jobs: the relay had no memory for them */
};

static inline struct process *process_of(struct worker *worker)
{
    return container_of(worker, struct process, worker);
}

/* --- process_jobs.c --- */

/* A job's clock starts when the reply before it has come, not when its bytes were written. */
void process_start_job_clock(struct process *process);
void process_job_overdue(struct loop_timer *timer);
/* It has not finished within the limit that worker_finish_within has set. */
void process_not_finished(struct process *process);
/* Whether it may be at its oldest job: what has not wholly left this process it can't have begun.
 */
bool process_has_begun(const struct process *process);
/* Whether it asked to be stopped instead of answering, and then ended well: its job is to run
   elsewhere. */
bool process_hands_back(const struct process *process);
void process_answer_first(struct process *process, const struct reply *reply);
void process_give_back_all(struct process *process, const struct worker_death *death);
/* The job that it died with: noted for the obituary; NULL: there is none. */
struct job *process_note_crashed(struct process *process);
/* Those behind it that it may have gone on to unheard: they must not run again. */
void process_crash_unheard(struct process *process, const struct worker_death *death);
void process_tell_crashed(struct process *process, struct job *job,
                          const struct worker_death *death);

/* --- process_unsure.c --- */

void process_keep_answer(struct process *process, const struct reply *reply);
void process_drop_answers(struct process *process);

/* --- process_life.c --- */

void process_handle(struct process *process, enum worker_event event);
void process_set_deadline(struct process *process, int64_t milliseconds);
/* The first offence is the cause of all that follows. */
void process_blame(struct process *process, int status, const char *text);
void process_kill(struct process *process);

/* --- process_events.c --- */

extern const struct relay_events process_relay_events;
void process_exited(struct loop_child *child, const struct loop_exit *exit);
void process_overdue(struct loop_timer *timer);

#endif
