/* What runs jobs: a pool of processes, or PHP inside this one. A source never sees it. */
#ifndef COYOTE_PAYLOAD_EXECUTOR_H
#define COYOTE_PAYLOAD_EXECUTOR_H

#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "payload/executor_stats.h"
#include "payload/job.h"

struct executor;

/* Who is told what. Every call comes from a step of the loop; `done` from free, too. From it all of
   the executor may be called but free. */
struct executor_events {
    /* A job's outcome: exactly once for each submit, and never from within it. The job is the
       submitter's again when it is entered. */
    void (*done)(void *owner, struct job *job, const struct reply *reply);
    /* Ready for jobs: comes once after start. */
    void (*started)(void *owner);
    /* There is room where there was none (or it has just started): pull. */
    void (*room)(void *owner);
    /* It can't run a job any more (code that does not boot, say) and goes on trying: the reason, and
       when it tries next (monotonic); or NULL: it can again. Once for each change, not within a
       call of the owner's, and maybe before `started`. */
    void (*health)(void *owner, const struct error *reason, int64_t next_try);
    /* It can't go on (no worker boots): the service fails with this. */
    void (*failed)(void *owner, const struct error *error);
    /* After stop: every job has had its outcome, no process is left. */
    void (*stopped)(void *owner);
};

struct executor_class {
    /* Begins; `started` or `failed` follows. 0 or a status. */
    int (*start)(struct executor *executor, struct error *error);
    /* Takes the job whatever its state: refusals come as an outcome too. */
    void (*submit)(struct executor *executor, struct job *job);
    /* Takes a job back that nothing has begun: true, and its outcome, CANCELLED, comes by `done` from
       the next step. false: it is begun, or its outcome is on its way. In constant time. NULL: it
       takes none back. */
    bool (*cancel)(struct executor *executor, struct job *job);
    /* How many jobs it would start on without queueing them, those included that it would bring more
       workers for. */
    size_t (*room)(const struct executor *executor);
    /* Begins to replace what runs PHP by fresh ones, which read the code anew, and goes on by itself;
       no job fails by it. Where fresh ones can't start, the old ones go on and the log says why.
       STATUS_ESTATE unless it runs. */
    int (*reset)(struct executor *executor, struct error *error);
    /* Lets the jobs that were begun end, cancels the others; `stopped` follows, even where start
       was never called. Calling it again does nothing. */
    void (*stop)(struct executor *executor);
    /* As stop, but without waiting for anybody: workers are killed. */
    void (*stop_now)(struct executor *executor);
    /* Fills in what it knows of the zeroed stats; NULL: it keeps none. Neither allocates nor blocks.
     */
    void (*stats)(const struct executor *executor, struct executor_stats *stats);
    /* The same of its last deaths. */
    void (*deaths)(const struct executor *executor, struct executor_deaths *deaths);
    /* Ends whatever is left at once; jobs it still has are cancelled. */
    void (*free)(struct executor *executor);
};

/* The base of each executor: the first member of its struct. */
struct executor {
    const struct executor_class *class;
    const struct executor_events *events;
    void *owner;
};

static inline int executor_start(struct executor *executor, struct error *error)
{
    return executor->class->start(executor, error);
}

static inline void executor_submit(struct executor *executor, struct job *job)
{
    executor->class->submit(executor, job);
}

static inline bool executor_cancel(struct executor *executor, struct job *job)
{
    return executor->class->cancel != NULL && executor->class->cancel(executor, job);
}

static inline size_t executor_room(const struct executor *executor)
{
    return executor->class->room(executor);
}

static inline int executor_reset(struct executor *executor, struct error *error)
{
    return executor->class->reset(executor, error);
}

static inline void executor_stop(struct executor *executor)
{
    executor->class->stop(executor);
}

static inline void executor_stop_now(struct executor *executor)
{
    executor->class->stop_now(executor);
}

static inline void executor_read_stats(const struct executor *executor,
                                       struct executor_stats *stats)
{
    memset(stats, 0, sizeof *stats);
    if (executor->class->stats != NULL) {
        executor->class->stats(executor, stats);
    }
}

static inline void executor_read_deaths(const struct executor *executor,
                                        struct executor_deaths *deaths)
{
    deaths->count = 0;
    if (executor->class->deaths != NULL) {
        executor->class->deaths(executor, deaths);
    }
}

static inline void executor_free(struct executor *executor)
{
    if (executor != NULL) {
        executor->class->free(executor);
    }
}

#endif
