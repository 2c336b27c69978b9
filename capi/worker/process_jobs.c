/* The jobs that a worker holds, and how each of them ends. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "process.h"

/* Of those that end one after the other with the same job at hand. */
enum { TRIES_MOST = 20 };

void process_start_job_clock(struct process *process)
{
    int64_t limit = process->settings->exec_ttl;
    if (limit > 0 && !list_empty(&process->worker.jobs)) {
        loop_timer_set(process->settings->loop, &process->job_deadline, clock_after(limit));
    } else if (limit > 0) {
        loop_timer_stop(&process->job_deadline);
    }
}

void process_answer_first(struct process *process, const struct reply *reply)
{
    struct list_node *node = list_take_first(&process->worker.jobs);
    struct job *job = container_of(node, struct job, node);
    process_start_job_clock(process);
    process->events->answered(process->owner, &process->worker, job, reply);
    if (list_empty(&process->worker.jobs)) {
        process_handle(process, WORKER_EVENT_EMPTIED);
    }
}

static void give_back(struct process *process, struct job *job)
{
    list_remove(&process->worker.jobs, &job->node);
    job->may_have_run = job->may_have_run || process->ambiguous;
    process->worker.assigned--;
    process->events->gave_back(process->owner, &process->worker, job);
}

/* A job that sends each worker to its end without an answer must not go round for ever. */
static void give_up_job(struct process *process, struct job *job, const struct worker_death *death)
{
    char *message = NULL;
    if (asprintf(&message, "%d workers in a row ended before they answered it; the last: %s",
                 TRIES_MOST, death->text) < 0) {
        message = NULL;
    }
    const struct reply reply = {
        .outcome = OUTCOME_CRASHED,
        .may_have_run = job->may_have_run || process->ambiguous,
        .message = bytes_of_text(message != NULL ? message : "no worker answered it"),
        .pid = process->worker.pid,
    };
    list_remove(&process->worker.jobs, &job->node);
    process->events->answered(process->owner, &process->worker, job, &reply);
    free(message);
}

void process_give_back_all(struct process *process, const struct worker_death *death)
{
    struct list *jobs = &process->worker.jobs;
    while (jobs->count > 1) {
        give_back(process, container_of(jobs->head.previous, struct job, node));
    }
    if (!list_empty(jobs)) {
        struct job *oldest = container_of(list_first(jobs), struct job, node);
        if (++oldest->tries < TRIES_MOST) {
            give_back(process, oldest);
        } else {
            give_up_job(process, oldest, death);
        }
    }
}

bool process_has_begun(const struct process *process)
{
    size_t held = process->worker.jobs.count + (process->given_up ? 1 : 0);
    return held > relay_unwritten(process->relay) + process->unsent;
}

bool process_hands_back(const struct process *process)
{
    const struct loop_exit *exit = &process->obituary.exit;
    return process->obituary.asks_to_end &&
           (!exit->known || (exit->signal == 0 && exit->status == 0));
}

/* Replies come in order: the oldest job is the one that it died with, the others it had not begun,
   as long as all replies have come.
   One that it answered before it had read it would be answered so by any other. */
struct job *process_note_crashed(struct process *process)
{
    struct list *jobs = &process->worker.jobs;
    bool impudent = process->obituary.reason.status == STATUS_EPROTOCOL;
    bool guilty = process_has_begun(process) || (impudent && relay_half_written(process->relay));
    guilty = guilty && !process->given_up; /* else it died at that one and has not begun the next */
    if (list_empty(jobs) || !guilty) {
        return NULL;
    }
    struct job *job = container_of(list_first(jobs), struct job, node);
    if (process_hands_back(process)) {
        job->may_have_run = true;
        return NULL;
    }
    death_job_note(&process->obituary.job, job);
    return job;
}

void process_tell_crashed(struct process *process, struct job *job,
                          const struct worker_death *death)
{
    struct reply reply = {
        .outcome = OUTCOME_CRASHED,
        .may_have_run = true,
        .message = bytes_of_text(death->text),
        .brief = (uint32_t)death->brief,
        .pid = process->worker.pid,
    };
    list_remove(&process->worker.jobs, &job->node);
    process->events->answered(process->owner, &process->worker, job, &reply);
}

void process_crash_unheard(struct process *process, const struct worker_death *death)
{
    const struct list *jobs = &process->worker.jobs;
    bool unheard = (process->unheard || process->ambiguous) && !process_hands_back(process);
    while (unheard && jobs->count > relay_unwritten(process->relay) + process->unsent) {
        process_tell_crashed(process, container_of(list_first(jobs), struct job, node), death);
    }
}

/* The job's outcome does not wait for the death; the jobs behind it do, for only then it is known
   that they were not begun. */
static void time_out_first(struct process *process, const char *text)
{
    struct reply reply = {
        .outcome = OUTCOME_TIMED_OUT,
        .may_have_run = process_has_begun(process),
        .message = bytes_of_text(text),
        .pid = process->worker.pid,
    };
    struct job *job = container_of(list_take_first(&process->worker.jobs), struct job, node);
    loop_timer_stop(&process->job_deadline);
    process->given_up = true;
    if (reply.may_have_run) {
        death_job_note(&process->obituary.job, job); /* by its death it is the submitter's again */
    }
    process_handle(process, WORKER_EVENT_STUCK);
    if (!reply.may_have_run) {
        relay_close(process->relay); /* some of its bytes, its owner's in a moment, wait there */
    }
    process->events->answered(process->owner, &process->worker, job, &reply);
}

void process_job_overdue(struct loop_timer *timer)
{
    struct process *process = container_of(timer, struct process, job_deadline);
    char text[120];
    snprintf(text, sizeof text, "the job took longer than %g s (exec_ttl); its worker was killed",
             (double)process->settings->exec_ttl / 1000);
    time_out_first(process, text);
}

void process_not_finished(struct process *process)
{
    char text[160];
    snprintf(text, sizeof text,
             "the job was still in hand %g s after a reset (reset_timeout); its worker was killed",
             (double)process->obituary.finish_within / 1000);
    process->obituary.unfinished = true;
    time_out_first(process, text);
}
