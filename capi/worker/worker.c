#include "worker/worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "loop/loop_child.h"
#include "obituary.h"
#include "output.h"
#include "relay/relay.h"

/* How long a process may live on after it has closed its relay. */
enum { AFTER_CLOSE = 1000 };

struct process {
    struct worker worker;
    const struct worker_settings *settings;
    const struct worker_events *events;
    void *owner;
    struct relay *relay;
    struct loop_child child;
    struct loop_timer deadline;
    struct loop_timer job_deadline;
    bool given_up; /* at a job that was told as timed out, and is not in the list any more */
    struct output output;
    struct output errors;
    struct output_tail tail;
    struct obituary obituary;
    size_t unsent; /* the last of its jobs: the relay had no memory for them */
};

static void handle(struct process *process, enum worker_event event);

static struct process *process_of(struct worker *worker)
{
    return container_of(worker, struct process, worker);
}

/* A job's clock starts when the reply before it has come, not when its bytes were written. */
static void start_job_clock(struct process *process)
{
    int64_t limit = process->settings->exec_ttl;
    if (limit > 0 && !list_empty(&process->worker.jobs)) {
        loop_timer_set(process->settings->loop, &process->job_deadline, clock_after(limit));
    } else if (limit > 0) {
        loop_timer_stop(&process->job_deadline);
    }
}

static void set_deadline(struct process *process, int64_t milliseconds)
{
    loop_timer_set(process->settings->loop, &process->deadline, clock_after(milliseconds));
}

/* The first offence is the cause of all that follows. */
static void blame(struct process *process, int status, const char *text)
{
    struct error *reason = &process->obituary.reason;
    if (reason->status == STATUS_OK && reason->text == NULL) {
        error_set(reason, status, "%s", text);
    }
}

/* --- the ends of jobs --- */

static void answer_first(struct process *process, const struct reply *reply)
{
    struct list_node *node = list_take_first(&process->worker.jobs);
    struct job *job = container_of(node, struct job, node);
    start_job_clock(process);
    process->events->answered(process->owner, &process->worker, job, reply);
    if (list_empty(&process->worker.jobs)) {
        handle(process, WORKER_EVENT_EMPTIED);
    }
}

static void give_back_all(struct process *process)
{
    struct list *jobs = &process->worker.jobs;
    while (!list_empty(jobs)) {
        struct job *job = container_of(jobs->head.previous, struct job, node);
        list_remove(jobs, &job->node);
        process->worker.assigned--;
        process->events->gave_back(process->owner, &process->worker, job);
    }
}

/* Whether it may be at its oldest job: what has not wholly left this process it can't have begun.
 */
static bool has_begun(const struct process *process)
{
    size_t held = process->worker.jobs.count + (process->given_up ? 1 : 0);
    return held > relay_unwritten(process->relay) + process->unsent;
}

/* A worker that asked to be stopped instead of answering, and then ended well, wants its job to run
   elsewhere. */
static bool hands_back(const struct process *process)
{
    const struct loop_exit *exit = &process->obituary.exit;
    return process->obituary.asks_to_end &&
           (!exit->known || (exit->signal == 0 && exit->status == 0));
}

/* Replies come in order: the oldest job is the one that it died with, the others it had not begun.
   One that it answered before it had read it would be answered so by any other. */
static bool crash_first(struct process *process, const char *text)
{
    struct list *jobs = &process->worker.jobs;
    bool guilty = has_begun(process) || process->obituary.reason.status == STATUS_EPROTOCOL;
    guilty = guilty && !process->given_up; /* else it died at that one and has not begun the next */
    if (list_empty(jobs) || !guilty) {
        return false;
    }
    struct job *job = container_of(list_first(jobs), struct job, node);
    if (hands_back(process)) {
        job->may_have_run = true;
        return false;
    }
    struct reply reply = {
        .outcome = OUTCOME_CRASHED,
        .may_have_run = true,
        .message = bytes_of_text(text),
        .pid = process->worker.pid,
    };
    list_remove(jobs, &job->node);
    process->events->answered(process->owner, &process->worker, job, &reply);
    return true;
}

/* --- the table's actions --- */

static void send_stop(struct process *process, enum worker_state before)
{
    if (before != WORKER_RETIRING) { /* where the time is running already */
        set_deadline(process, process->settings->destroy_timeout);
    }
    process->obituary.asked_to_end = true;
    struct error error = {0};
    if (relay_send_stop(process->relay, &error) != STATUS_OK) {
        blame(process, error.status, error_text(&error));
        handle(process, WORKER_EVENT_BROKEN);
    }
    error_clear(&error);
}

static void send_kill(struct process *process)
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
    char *text = obituary_write(&process->obituary, &process->worker, &process->tail);
    struct worker_death death = {
        .text = text == NULL ? "out of memory" : text,
        .expected = process->obituary.asked_to_end && !process->obituary.overdue &&
                    (list_empty(&process->worker.jobs) || hands_back(process)),
        .booted = process->obituary.booted,
    };
    death.told = crash_first(process, death.text);
    give_back_all(process);
    process->events->died(process->owner, &process->worker, &death);
    free(text);
}

/* Does, or will once it has booted. */
static bool takes_jobs(enum worker_state state)
{
    return state == WORKER_STARTING || state == WORKER_READY || state == WORKER_WORKING;
}

static void handle(struct process *process, enum worker_event event)
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
        process->worker.idle_since = clock_now();
        process->events->ready(process->owner, &process->worker);
        break;
    case WORKER_ACTION_AWAIT_JOBS:
        process->obituary.asked_to_end = true;
        set_deadline(process, process->settings->destroy_timeout);
        break;
    case WORKER_ACTION_SEND_STOP:
        process->obituary.asks_to_end |= event == WORKER_EVENT_ASKED_STOP;
        send_stop(process, before);
        break;
    case WORKER_ACTION_AWAIT_EXIT:
        process->obituary.closed = true;
        set_deadline(process, AFTER_CLOSE);
        break;
    case WORKER_ACTION_SEND_KILL:
        process->obituary.overdue = event == WORKER_EVENT_OVERDUE;
        process->obituary.stuck = event == WORKER_EVENT_STUCK;
        process->obituary.killed = event == WORKER_EVENT_KILL;
        process->obituary.broken = event == WORKER_EVENT_BROKEN;
        send_kill(process);
        break;
    case WORKER_ACTION_BURY:
        bury(process);
        break;
    case WORKER_ACTION_NOTHING:
    case WORKER_ACTION_COUNT:
        break;
    }
}

/* --- what happens to it --- */

static void relay_message(void *owner, const struct relay_message *message)
{
    struct process *process = owner;
    struct reply reply = {
        .outcome = message->kind == RELAY_REPLY ? OUTCOME_OK : OUTCOME_ERROR,
        .may_have_run = true,
        .pid = process->worker.pid,
    };
    switch (message->kind) {
    case RELAY_PID:
        if (message->pid != process->worker.pid) {
            log_write(process->settings->log, LOG_LEVEL_DEBUG, process->settings->service,
                      process->worker.pid, "calls itself pid %d: a wrapper or a pid namespace",
                      (int)message->pid);
        }
        handle(process, WORKER_EVENT_HANDSHAKE);
        return;
    case RELAY_STOP:
        handle(process, WORKER_EVENT_ASKED_STOP);
        return;
    case RELAY_REPLY:
        reply.payload = message->payload;
        break;
    case RELAY_ERROR:
        reply.message = message->payload.body;
        break;
    }
    if (process->given_up) { /* the answer to a job that has had its outcome */
        process->given_up = false;
        return;
    }
    /* Not only impudent: the bytes of a job that has its outcome must not be written on. */
    if (!has_begun(process)) {
        blame(process, STATUS_EPROTOCOL, "answered without having been asked");
        handle(process, WORKER_EVENT_BROKEN);
        return;
    }
    answer_first(process, &reply);
}

static void relay_ended(void *owner, const struct error *reason)
{
    struct process *process = owner;
    bool closed = reason->status == STATUS_OK;
    if (!closed || reason->text != NULL) {
        blame(process, reason->status, error_text(reason));
    }
    handle(process, closed ? WORKER_EVENT_CLOSED : WORKER_EVENT_BROKEN);
}

static void relay_printed(void *owner, struct bytes so_far, int fd)
{
    struct process *process = owner;
    struct error error = {0};
    if (output_adopt(&process->output, process->settings->loop, process->worker.pid, so_far, fd,
                     &error) != STATUS_OK) {
        log_write(process->settings->log, LOG_LEVEL_ERROR, process->settings->service,
                  process->worker.pid, "its output is lost: %s", error_text(&error));
        output_close(&process->output);
    }
    error_clear(&error);
}

static const struct relay_events relay_events = {relay_message, relay_ended, relay_printed};

static void child_exited(struct loop_child *child, const struct loop_exit *exit)
{
    struct process *process = container_of(child, struct process, child);
    process->obituary.exit = *exit;
    handle(process, WORKER_EVENT_EXITED);
}

/* The job's outcome does not wait for the death; the jobs behind it do, for only then it is known
   that they were not begun. */
static void job_deadline_due(struct loop_timer *timer)
{
    struct process *process = container_of(timer, struct process, job_deadline);
    char text[120];
    snprintf(text, sizeof text, "the job took longer than %g s (exec_ttl); its worker was killed",
             (double)process->settings->exec_ttl / 1000);
    struct reply reply = {
        .outcome = OUTCOME_TIMED_OUT,
        .may_have_run = has_begun(process),
        .message = bytes_of_text(text),
        .pid = process->worker.pid,
    };
    struct job *job = container_of(list_take_first(&process->worker.jobs), struct job, node);
    process->given_up = true;
    handle(process, WORKER_EVENT_STUCK);
    process->events->answered(process->owner, &process->worker, job, &reply);
}

static void deadline_due(struct loop_timer *timer)
{
    handle(container_of(timer, struct process, deadline), WORKER_EVENT_OVERDUE);
}

/* --- the pool's wishes --- */

int worker_check(struct worker *worker, const struct payload *payload, struct error *error)
{
    return relay_check(process_of(worker)->relay, payload, error);
}

void worker_assign(struct worker *worker, struct job *job)
{
    struct process *process = process_of(worker);
    struct error error = {0};
    list_append(&worker->jobs, &job->node);
    worker->assigned++;
    if (worker->jobs.count == 1) {
        start_job_clock(process);
    }
    handle(process, WORKER_EVENT_ASSIGNED);
    if (relay_send(process->relay, &job->payload, &error) != STATUS_OK) {
        process->unsent++;
        blame(process, error.status, error_text(&error));
        handle(process, WORKER_EVENT_BROKEN);
    }
    error_clear(&error);
}

void worker_retire(struct worker *worker)
{
    handle(process_of(worker), WORKER_EVENT_RETIRE);
}

void worker_kill(struct worker *worker)
{
    handle(process_of(worker), WORKER_EVENT_KILL);
}

/* --- beginning and end --- */

static int launch(struct process *process, int child_output, int child_errors, struct error *error)
{
    const struct worker_settings *settings = process->settings;
    struct relay_child child = relay_child(process->relay);
    struct launch_request request = {
        .command = settings->command,
        .environment = settings->environment,
        .relay_address = child.address,
        .input = child.input,
        .output = child.output >= 0 ? child.output : child_output,
        .errors = child_errors,
        .fds = child.fds,
        .fd_count = child.fd_count,
    };
    struct launched launched;
    int status = settings->launcher->launch(settings->launcher, &request, &launched, error);
    if (status == STATUS_OK) {
        process->worker.pid = launched.pid;
        process->child.exited = child_exited;
        loop_child_watch(settings->loop, &process->child, launched.pid, launched.status_pipe);
    }
    return status;
}

static int listen_to(struct process *process, struct error *error)
{
    struct loop *loop = process->settings->loop;
    pid_t pid = process->worker.pid;
    int status = relay_open(process->relay, error);
    if (status == STATUS_OK && process->output.fd >= 0) {
        status = output_watch(&process->output, loop, pid, error);
    }
    status = status != STATUS_OK ? status : output_watch(&process->errors, loop, pid, error);
    status = status != STATUS_OK ? status : relay_send_pid(process->relay, error);
    if (status == STATUS_OK) {
        set_deadline(process, process->settings->boot_timeout);
    }
    return status;
}

static int process_start(struct process *process, struct error *error)
{
    const struct worker_settings *settings = process->settings;
    int child_output = -1;
    int child_errors = -1;
    const struct relay_settings relay_settings = {
        .loop = settings->loop,
        .protocol = settings->protocol,
        .limit = settings->max_payload_size,
    };
    int status = relay_pipes_new(&relay_settings, &relay_events, process, &process->relay, error);
    /* where the relay has standard output, the relay says what becomes of it */
    if (status == STATUS_OK && relay_child(process->relay).output < 0) {
        status = output_open(&process->output, &child_output, error);
    }
    if (status == STATUS_OK) {
        status = output_open(&process->errors, &child_errors, error);
    }
    if (status == STATUS_OK) {
        status = launch(process, child_output, child_errors, error);
    }
    if (child_output >= 0) {
        close(child_output);
    }
    if (child_errors >= 0) {
        close(child_errors);
    }
    return status == STATUS_OK ? listen_to(process, error) : status;
}

int worker_new(const struct worker_settings *settings, const struct worker_events *events,
               void *owner, struct worker **worker, struct error *error)
{
    struct process *process = calloc(1, sizeof *process);
    if (process == NULL) {
        return error_memory(error);
    }
    process->settings = settings;
    process->events = events;
    process->owner = owner;
    process->obituary.settings = settings;
    process->worker.started = clock_now();
    process->deadline.due = deadline_due;
    process->job_deadline.due = job_deadline_due;
    process->output = (struct output){.fd = -1,
                                      .level = LOG_LEVEL_INFO,
                                      .log = settings->log,
                                      .service = settings->service,
                                      .tail = &process->tail};
    process->errors = process->output;
    process->errors.level = LOG_LEVEL_WARNING;
    list_init(&process->worker.jobs);
    process->worker.state = WORKER_STARTING;
    int status = process_start(process, error);
    if (status != STATUS_OK) {
        worker_free(&process->worker);
        return status;
    }
    *worker = &process->worker;
    return STATUS_OK;
}

void worker_free(struct worker *worker)
{
    struct process *process = process_of(worker);
    send_kill(process);
    loop_child_reap(&process->child);
    loop_timer_stop(&process->deadline);
    loop_timer_stop(&process->job_deadline);
    loop_child_stop(&process->child);
    output_close(&process->output);
    output_close(&process->errors);
    output_tail_free(&process->tail);
    relay_free(process->relay);
    error_clear(&process->obituary.reason);
    free(process);
}
