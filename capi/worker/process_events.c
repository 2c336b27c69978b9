/* What happens to a worker: its relay, its clock and the kernel tell. */
#include "base/clock.h"
#include "process.h"

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
        process_handle(process, WORKER_EVENT_HANDSHAKE);
        return;
    case RELAY_STOP:
        process->ambiguous = process->ambiguous || process->worker.jobs.count > 1;
        process_handle(process, WORKER_EVENT_ASKED_STOP);
        return;
    case RELAY_REPLY:
        reply.payload = message->payload;
        break;
    case RELAY_ERROR:
        reply.message = message->payload.body;
        break;
    }
    if (process->ambiguous) {
        process_keep_answer(process, &reply);
        return;
    }
    if (process->given_up) { /* the answer to a job that has had its outcome */
        process->given_up = false;
        return;
    }
    /* Not only impudent: the bytes of a job that has its outcome must not be written on. */
    if (!process_has_begun(process)) {
        process_blame(process, STATUS_EPROTOCOL, "answered without having been asked");
        process_handle(process, WORKER_EVENT_BROKEN);
        relay_close(process->relay); /* else the job that waits there would still go out to it */
        return;
    }
    process_answer_first(process, &reply);
}

static void relay_ended(void *owner, const struct error *reason)
{
    struct process *process = owner;
    bool closed = reason->status == STATUS_OK;
    process->unheard = !closed || process->relay->lossy;
    if (!closed || reason->text != NULL) {
        process_blame(process, reason->status, error_text(reason));
    }
    process_handle(process, closed ? WORKER_EVENT_CLOSED : WORKER_EVENT_BROKEN);
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

const struct relay_events process_relay_events = {relay_message, relay_ended, relay_printed};

void process_exited(struct loop_child *child, const struct loop_exit *exit)
{
    struct process *process = container_of(child, struct process, child);
    process->obituary.exit = *exit;
    process_handle(process, WORKER_EVENT_EXITED);
}

void process_overdue(struct loop_timer *timer)
{
    struct process *process = container_of(timer, struct process, deadline);
    if (process->worker.state == WORKER_WORKING) {
        process_not_finished(process);
    } else {
        process_handle(process, WORKER_EVENT_OVERDUE);
    }
}
