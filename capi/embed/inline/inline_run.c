/* A run of the script, from the executor's side: how it begins, and what its end means. */
#include <stdio.h>

#include "base/clock.h"
#include "embed/process/embed_signals.h"
#include "inline_state.h"

enum { PAUSE_FIRST = 100, PAUSE_MOST = 5000 }; /* milliseconds */

void inline_executor_run_begins(struct inline_executor *executor)
{
    embed_signals_php(true);
    executor->running = true;
    executor->asked = false;
    executor->retiring = false;
    executor->gave_up = false;
    executor->settled = false;
    executor->renewing = false;
    executor->jobs = 0;
}

/* How the script ended, in words; the buffer is kept between runs. */
static struct bytes explain(struct inline_executor *executor, const struct embed_ending *ending)
{
    buffer_reset(&executor->words);
    int status = STATUS_OK;
    if (ending->failure != NULL) {
        status = buffer_print(&executor->words, "%s", ending->failure);
    } else if (ending->exit_status != 0) {
        status =
            buffer_print(&executor->words, "the script ended by exit(%d)", ending->exit_status);
    } else {
        status = buffer_print(&executor->words, "the script ended");
    }
    return status == STATUS_OK ? buffer_unread(&executor->words)
                               : bytes_of_text("the script ended; no memory to say how");
}

static void settle_crashed(struct inline_executor *executor, const struct embed_ending *ending)
{
    struct bytes words = explain(executor, ending);
    if (ending->failure == NULL) {
        buffer_print(&executor->words, " while it had the event, without answering it");
        words = buffer_unread(&executor->words);
    }
    const struct reply reply = {.outcome = OUTCOME_CRASHED, .message = words};
    inline_news_settle(executor, &reply);
}

static void give_back(struct inline_executor *executor)
{
    list_prepend(&executor->queue, &executor->in_hand->node);
    executor->given_back++;
    executor->in_hand = NULL;
    executor->host.event = EMBED_EVENT_NONE;
}

static void fail_to_boot(struct inline_executor *executor, const struct embed_ending *ending)
{
    struct bytes words = explain(executor, ending);
    const char *mend = ending->failure != NULL
                           ? ""
                           : " without asking for an event: it has to take events in a loop, such "
                             "as Coyote\\Worker::create()->serve(...) or receive() until that "
                             "returns null";
    error_set(&executor->failure, STATUS_EWORKER, "%s: %.*s%s", executor->settings.command,
              (int)words.size, (const char *)words.data, mend);
    executor->phase = INLINE_FAILED;
    executor->tell_failed = true;
}

/* A script that comes to nothing again and again must not take a whole CPU. */
static void pause_before_next(struct inline_executor *executor)
{
    int64_t pause = PAUSE_FIRST;
    for (unsigned i = 0; i < executor->in_vain && pause < PAUSE_MOST; i++) {
        pause *= 2;
    }
    executor->in_vain++;
    executor->not_before = clock_after(pause < PAUSE_MOST ? pause : PAUSE_MOST);
}

/* The first time in a row the owner is told, and says it. */
static void did_not_ask(struct inline_executor *executor, const struct embed_ending *ending)
{
    struct bytes words = explain(executor, ending);
    bool told = executor->illness.status != STATUS_OK;
    error_set(&executor->illness, STATUS_EWORKER, "%s did not ask for an event: %.*s",
              executor->settings.command, (int)words.size, (const char *)words.data);
    executor->tell_health = !told;
    if (told) {
        log_write(executor->settings.log, LOG_LEVEL_ERROR, executor->settings.service, 0,
                  "%s; it starts again in %d ms", error_text(&executor->illness),
                  clock_wait(executor->not_before));
    }
}

static void plan_next(struct inline_executor *executor, const struct embed_ending *ending)
{
    struct log *log = executor->settings.log;
    const char *service = executor->settings.service;
    executor->not_before = 0;
    bool in_vain = !executor->settled && !(executor->renewing && executor->asked);
    if (in_vain) {
        pause_before_next(executor);
    }
    if (executor->stopping) {
        return;
    }
    if (!executor->asked) {
        did_not_ask(executor, ending);
    } else if (in_vain) {
        log_write(log, LOG_LEVEL_WARNING, service, 0,
                  "%s ended by stop() before it had served an event; it starts again in %d ms",
                  executor->settings.command, clock_wait(executor->not_before));
    } else {
        log_write(log, LOG_LEVEL_DEBUG, service, 0, "the script has ended and starts again");
    }
}

void inline_executor_run_ended(struct inline_executor *executor, const struct embed_ending *ending)
{
    executor->running = false;
    executor->waiting = false;
    embed_signals_php(false);
    embed_signals_event(0);
    if (executor->in_hand != NULL && executor->gave_up && ending->failure == NULL) {
        give_back(executor);
    } else if (executor->in_hand != NULL) {
        settle_crashed(executor, ending);
    }
    if (executor->phase == INLINE_BOOTING && !executor->stopping &&
        !executor->settings.keep_trying) {
        fail_to_boot(executor, ending);
    } else {
        plan_next(executor, ending);
    }
    if (executor->stopping) {
        struct list_node *node;
        while ((node = list_take_first(&executor->queue)) != NULL) {
            list_append(&executor->refused, node);
        }
        executor->tell_stopped = true;
    }
    inline_news_tell(executor);
}

void inline_executor_fail(struct inline_executor *executor, const struct error *error)
{
    error_set(&executor->failure, error->status, "%s", error_text(error));
    executor->phase = INLINE_FAILED;
    executor->tell_failed = true;
    inline_news_post(executor);
}
