/* The side of the inline executor that PHP's built-in functions see. */
#include "base/clock.h"
#include "embed/process/embed_signals.h"
#include "inline_state.h"

/* How long PHP may be served from what is there before descriptors are looked at again. */
#define LOOK_AGAIN (CLOCK_MILLISECOND)

static struct inline_executor *executor_of(struct embed_host *host)
{
    return container_of(host, struct inline_executor, host);
}

/* What becomes of the event before, when the script asks for the next one. */
static void settle_before(struct inline_executor *executor)
{
    static const char unanswered[] = "the script asked for the next event without answering this "
                                     "one: call send() or error() for each";
    if (executor->in_hand == NULL) {
        return;
    }
    if (executor->host.event == EMBED_EVENT_ANSWERED) {
        inline_news_settle(executor, &executor->answer);
    } else if (executor->gave_up) {
        list_prepend(&executor->queue, &executor->in_hand->node);
        executor->given_back++;
        executor->in_hand = NULL;
        executor->host.event = EMBED_EVENT_NONE;
    } else {
        const struct reply reply = {.outcome = OUTCOME_ERROR, .message = bytes_of_text(unanswered)};
        inline_news_settle(executor, &reply);
    }
}

static int look(struct inline_executor *executor, int64_t deadline)
{
    embed_signals_take_back(executor->settings.log, executor->settings.service);
    struct error error = {0};
    int status = loop_step(executor->settings.loop, deadline, &error);
    executor->stepped = loop_now(executor->settings.loop);
    if (status == STATUS_EINTERRUPTED || status == STATUS_ETIMEOUT) {
        status = STATUS_OK;
    }
    if (status != STATUS_OK) {
        log_write(executor->settings.log, LOG_LEVEL_ERROR, executor->settings.service, 0, "%s",
                  error_text(&error));
    }
    error_clear(&error);
    return status;
}

/* A stop that came while PHP had the thread is heard before another event is taken. */
static int look_if_due(struct inline_executor *executor)
{
    if (clock_now() - executor->stepped <= LOOK_AGAIN) {
        return STATUS_OK;
    }
    inline_news_tell(executor);
    return look(executor, 0);
}

/* Tells that there is room, then steps the loop until there is a job or none will come. */
static bool wait_for_job(struct inline_executor *executor, int status)
{
    executor->waiting = status == STATUS_OK && !executor->retiring && !executor->stopping;
    executor->tell_room = executor->waiting;
    inline_news_tell(executor);
    while (status == STATUS_OK && executor->waiting && list_empty(&executor->queue)) {
        status = look(executor, CLOCK_NEVER);
    }
    bool found = executor->waiting && !list_empty(&executor->queue);
    executor->waiting = false;
    return found;
}

static bool take_event(struct inline_executor *executor, struct payload *event)
{
    struct embed_host *host = &executor->host;
    uint64_t max_jobs = executor->settings.max_jobs;
    settle_before(executor);
    if (max_jobs > 0 && executor->jobs >= max_jobs) {
        executor->retiring = true;
    }
    executor->asked = true;
    executor->tell_health = executor->illness.status != STATUS_OK;
    error_clear(&executor->illness);
    if (executor->phase == INLINE_BOOTING) {
        executor->phase = INLINE_SERVING;
        executor->tell_started = true;
    }
    if (!wait_for_job(executor, look_if_due(executor))) {
        return false;
    }
    executor->in_hand = container_of(list_take_first(&executor->queue), struct job, node);
    executor->in_hand->may_have_run = true;
    executor->jobs++;
    host->event = EMBED_EVENT_IN_HAND;
    embed_signals_event(executor->in_hand->id);
    *event = executor->in_hand->payload;
    return true;
}

static bool host_receive(struct embed_host *host, struct payload *event)
{
    embed_signals_php(false);
    bool taken = take_event(executor_of(host), event);
    embed_signals_php(true);
    return taken;
}

/* Whoever reads the outcome is spared what a worker process could not have sent either. */
static bool is_too_big(struct inline_executor *executor, const struct payload *answer)
{
    size_t limit = executor->settings.max_payload_size;
    if (payload_size(answer) <= limit) {
        return false;
    }
    struct error why = {0};
    payload_check(answer, limit, &why);
    buffer_reset(&executor->words);
    if (buffer_print(&executor->words, "the answer: %s", error_text(&why)) != STATUS_OK) {
        buffer_reset(&executor->words);
    }
    error_clear(&why);
    return true;
}

static void host_answer(struct embed_host *host, enum outcome outcome, struct payload payload,
                        struct bytes message)
{
    struct inline_executor *executor = executor_of(host);
    executor->answer = (struct reply){.outcome = outcome, .payload = payload, .message = message};
    if (outcome == OUTCOME_OK && is_too_big(executor, &payload)) {
        executor->answer =
            (struct reply){.outcome = OUTCOME_ERROR, .message = buffer_unread(&executor->words)};
    }
    host->event = EMBED_EVENT_ANSWERED;
    embed_signals_event(0);
}

static void host_leave(struct embed_host *host)
{
    struct inline_executor *executor = executor_of(host);
    if (host->event == EMBED_EVENT_ANSWERED) {
        settle_before(executor);
        inline_news_tell(executor);
    }
}

static void host_stop(struct embed_host *host)
{
    struct inline_executor *executor = executor_of(host);
    executor->retiring = true;
    executor->gave_up = true;
}

void inline_host_init(struct inline_executor *executor)
{
    executor->host = (struct embed_host){
        .receive = host_receive, .answer = host_answer, .leave = host_leave, .stop = host_stop};
}
