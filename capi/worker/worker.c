/* How a worker begins and ends, and what its pool may wish of it. */
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "process.h"

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
        process_start_job_clock(process);
    }
    process_handle(process, WORKER_EVENT_ASSIGNED);
    if (relay_send(process->relay, &job->payload, &error) != STATUS_OK) {
        process->unsent++;
        process_blame(process, error.status, error_text(&error));
        process_handle(process, WORKER_EVENT_BROKEN);
    }
    error_clear(&error);
}

void worker_finish_within(struct worker *worker, int64_t milliseconds)
{
    struct process *process = process_of(worker);
    if (worker->state == WORKER_WORKING) {
        process->obituary.finish_within = milliseconds;
        process_set_deadline(process, milliseconds);
    }
}

void worker_retire(struct worker *worker)
{
    process_handle(process_of(worker), WORKER_EVENT_RETIRE);
}

void worker_kill(struct worker *worker)
{
    process_handle(process_of(worker), WORKER_EVENT_KILL);
}

/* --- beginning and end --- */

static size_t own_peak(void)
{
    struct rusage own = {0};
    return getrusage(RUSAGE_SELF, &own) == 0 ? (size_t)own.ru_maxrss * 1024 : 0;
}

static int launch(struct process *process, int child_output, int child_errors, struct error *error)
{
    const struct worker_settings *settings = process->settings;
    struct relay_child child = relay_child(process->relay);
    struct launch_request request = {
        .command = settings->command,
        .environment = settings->environment,
        .relay_address = child.address,
        .user = settings->user,
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
        process->obituary.own_peak = own_peak();
        process->child.exited = process_exited;
        loop_child_watch(settings->loop, &process->child, launched.pid, launched.status_pipe);
    }
    return status;
}

static int listen_to(struct process *process, struct error *error)
{
    struct loop *loop = process->settings->loop;
    pid_t pid = process->worker.pid;
    int status = relay_open(process->relay, pid, error);
    if (status == STATUS_OK && process->output.fd >= 0) {
        status = output_watch(&process->output, loop, pid, error);
    }
    status = status != STATUS_OK ? status : output_watch(&process->errors, loop, pid, error);
    status = status != STATUS_OK ? status : relay_send_pid(process->relay, error);
    if (status == STATUS_OK) {
        process_set_deadline(process, process->settings->boot_timeout);
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
    int status = settings->listener != NULL
                     ? relay_socket_new(settings->listener, &process_relay_events, process,
                                        &process->relay, error)
                     : relay_pipes_new(&relay_settings, &process_relay_events, process,
                                       &process->relay, error);
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
    process->deadline.due = process_overdue;
    process->job_deadline.due = process_job_overdue;
    process->output = (struct output){.fd = -1,
                                      .level = LOG_LEVEL_INFO,
                                      .log = settings->log,
                                      .service = settings->service,
                                      .tail = &process->tail};
    process->errors = process->output;
    process->errors.level = LOG_LEVEL_WARNING;
    list_init(&process->worker.jobs);
    list_init(&process->kept);
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
    process_kill(process);
    loop_child_reap(&process->child);
    loop_timer_stop(&process->deadline);
    loop_timer_stop(&process->job_deadline);
    loop_child_stop(&process->child);
    output_close(&process->output);
    output_close(&process->errors);
    output_tail_free(&process->tail);
    process_drop_answers(process);
    relay_free(process->relay);
    error_clear(&process->obituary.reason);
    death_job_free(&process->obituary.job);
    free(process);
}
