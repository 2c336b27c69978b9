/* The table of worker_state.h, put to work. */
#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "process.h"

/* How long a process may live on after it has closed its relay. */
enum { AFTER_CLOSE = 1000 };

void process_set_deadline(struct process *process, int64_t milliseconds)
{
    loop_timer_set(process->settings->loop, &process->deadline, clock_after(milliseconds));
}

void process_blame(struct process *process, int status, const char *text)
{
    struct error *reason = &process->obituary.reason;
    if (reason->status == STATUS_OK && reason->text == NULL) {
        error_set(reason, status, "%s", text);
    }
}

static void send_stop(struct process *process, enum worker_state before)
{
    if (before != WORKER_RETIRING) { /* where the time is running already */
        process_set_deadline(process, process->settings->destroy_timeout);
    }
    process->obituary.asked_to_end = true;
    struct error error = {0};
    if (relay_send_stop(process->relay, &error) != STATUS_OK) {
        process_blame(process, error.status, error_text(&error));
        process_handle(process, WORKER_EVENT_BROKEN);
    }
    error_clear(&error);
}

void process_kill(struct process *process)
{
    loop_timer_stop(&process->deadline);
    /* what it started as well: the group is the worker's own */
    if (loop_child_signal(&process->child, SIGKILL) == 0) {
        kill(-process->worker.pid, SIGKILL);
    }
}

static void bury(struct process *process)
{
    loop_timer_stop(&process->deadline);
    loop_timer_stop(&process->job_deadline);
    relay_drain(process->relay);
    relay_close(process->relay);
    output_finish(&process->output);
    output_finish(&process->errors);
    struct obituary *about = &process->obituary;
    bool has_jobs = !list_empty(&process->worker.jobs);
    about->connected = relay_connected(process->relay);
    about->unanswered = process->worker.jobs.count + (process->given_up ? 1 : 0);
    about->fails_a_job = has_jobs && !process_hands_back(process);
    struct job *job = process_note_crashed(process);
    struct worker_death death;
    obituary_judge(about, &process->worker, &process->tail, &death);
    char *text = obituary_write(about, process->worker.pid, &death);
    if (job != NULL) {
        process_tell_crashed(process, job, &death);
    }
    process_crash_unheard(process, &death);
    process_give_back_all(process, &death);
    process->events->died(process->owner, &process->worker, &death);
    free(text);
}

/* Does, or will once it has booted. */
static bool takes_jobs(enum worker_state state)
{
    return state == WORKER_STARTING || state == WORKER_READY || state == WORKER_WORKING;
}

void process_handle(struct process *process, enum worker_event event)
{
    enum worker_state before = process->worker.state;
    struct worker_transition transition = worker_transition(before, event);
    process->worker.state = transition.next;
    if (takes_jobs(before) && !takes_jobs(transition.next)) {
        process->events->leaving(process->owner, &process->worker);
    }
    switch (transition.action) {
    case WORKER_ACTION_TELL_READY:
        loop_timer_stop(&process->deadline);
        process->obituary.booted = true;
        process->worker.idle_since = loop_now(process->settings->loop);
        process->events->ready(process->owner, &process->worker);
        break;
    case WORKER_ACTION_AWAIT_JOBS:
        process->obituary.asked_to_end = true;
        process_set_deadline(process, process->settings->destroy_timeout);
        break;
    case WORKER_ACTION_SEND_STOP:
        process->obituary.asks_to_end |= event == WORKER_EVENT_ASKED_STOP;
        send_stop(process, before);
        break;
    case WORKER_ACTION_AWAIT_EXIT:
        process->obituary.closed = true;
        process_set_deadline(process, AFTER_CLOSE);
        break;
    case WORKER_ACTION_SEND_KILL:
        process->obituary.overdue = event == WORKER_EVENT_OVERDUE;
        process->obituary.stuck = event == WORKER_EVENT_STUCK;
        process->obituary.killed = event == WORKER_EVENT_KILL;
        process->obituary.broken = event == WORKER_EVENT_BROKEN;
        process_kill(process);
        break;
    case WORKER_ACTION_BURY:
        bury(process);
        break;
    case WORKER_ACTION_NOTHING:
    case WORKER_ACTION_COUNT:
        break;
    }
}
