#include <inttypes.h>

#include "event_state.h"

/* The application's own "no" is a warning: its worker lives and the next event is served. */
static enum log_level level_of(const struct reply *reply)
{
    switch (reply->outcome) {
    case OUTCOME_OK:
        return LOG_LEVEL_DEBUG;
    case OUTCOME_ERROR:
        return LOG_LEVEL_WARNING;
    case OUTCOME_CANCELLED:
        return reply->may_have_run ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO;
    default:
        return LOG_LEVEL_ERROR;
    }
}

/* The worker ended by it, or with it. */
static bool cost_a_worker(const struct reply *reply)
{
    return reply->pid > 0 &&
           (reply->outcome == OUTCOME_CRASHED || reply->outcome == OUTCOME_TIMED_OUT);
}

void event_log_outcome(struct event_service *service, const struct event_flight *flight,
                       const struct reply *reply)
{
    struct log *log = service->context.log;
    enum log_level level = level_of(reply);
    if (log == NULL || level < log->minimum) {
        return;
    }
    struct buffer *line = &service->line;
    buffer_reset(line);
    int status = buffer_print(line, "event ");
    status = status != STATUS_OK ? status : buffer_append(line, flight->event.id);
    if (status == STATUS_OK) {
        status = buffer_print(line, ": %s", outcome_name(reply->outcome));
    }
    if (status == STATUS_OK && reply->message.size > 0) {
        status = buffer_print(line, ": ");
        struct bytes words = reply->message;
        words.size = reply->brief > 0 ? reply->brief : words.size;
        status = status != STATUS_OK ? status : buffer_append(line, words);
    }
    if (status == STATUS_OK && cost_a_worker(reply)) {
        status = buffer_print(line, " (job %" PRIu64 ")", flight->job.id);
    }
    if (status == STATUS_OK && reply->outcome == OUTCOME_CANCELLED) {
        buffer_print(line, reply->may_have_run ? " (it may have run)" : " (it has not run)");
    }
    log_bytes(log, level, service->service.name, reply->pid, buffer_unread(line));
}
