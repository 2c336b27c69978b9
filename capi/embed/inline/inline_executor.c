#include "inline_executor.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "inline_state.h"

static struct inline_executor *executor_of(const struct executor *base)
{
    return container_of(base, struct inline_executor, base);
}

static int inline_start(struct executor *base, struct error *error)
{
    struct inline_executor *executor = executor_of(base);
    if (executor->phase != INLINE_NEW || executor->stopping) {
        return error_set(error, STATUS_ESTATE, "this executor was started or stopped already");
    }
    executor->phase = INLINE_BOOTING; /* the driver runs the script, outside the step */
    return STATUS_OK;
}

static void inline_submit(struct executor *base, struct job *job)
{
    struct inline_executor *executor = executor_of(base);
    size_t most = executor->settings.max_payload_size;
    bool refused = executor->stopping || executor->phase == INLINE_FAILED ||
                   payload_check(&job->payload, most, NULL) != STATUS_OK;
    job->may_have_run = false;
    executor->submitted++;
    list_append(refused ? &executor->refused : &executor->queue, &job->node);
    if (refused) {
        inline_news_post(executor);
    }
}

static size_t inline_room(const struct executor *base)
{
    const struct inline_executor *executor = executor_of(base);
    return executor->waiting && list_empty(&executor->queue) ? 1 : 0;
}

static void refuse_queue(struct inline_executor *executor)
{
    struct list_node *node;
    while ((node = list_take_first(&executor->queue)) != NULL) {
        list_append(&executor->refused, node);
    }
}

static void inline_stop(struct executor *base)
{
    struct inline_executor *executor = executor_of(base);
    if (executor->stopping) {
        return;
    }
    executor->stopping = true;
    executor->waiting = false;
    refuse_queue(executor);
    executor->tell_stopped = !executor->running; /* else when the script has ended */
    inline_news_post(executor);
}

/* PHP is this very thread: if this is reached, it waits for an event or does not run. */
static void inline_stop_now(struct executor *base)
{
    inline_stop(base);
}

/* The script leaves its loop after the event in hand, and runs again from its first line. */
static int inline_reset(struct executor *base, struct error *error)
{
    struct inline_executor *executor = executor_of(base);
    bool tries = executor->phase == INLINE_BOOTING && executor->in_vain > 0;
    if ((executor->phase != INLINE_SERVING && !tries) || executor->stopping) {
        return error_set(error, STATUS_ESTATE, "there is nothing to reset: PHP does not serve");
    }
    log_write(executor->settings.log, LOG_LEVEL_INFO, executor->settings.service, 0,
              "a reset: the script starts again");
    executor->retiring = true;
    executor->renewing = true;
    executor->waiting = false;
    executor->not_before = 0;
    return STATUS_OK;
}

/* Its one worker is this process: no death of it is there to be told. */
static void inline_stats(const struct executor *base, struct executor_stats *stats)
{
    const struct inline_executor *executor = executor_of(base);
    bool booting = executor->running && executor->phase == INLINE_BOOTING;
    bool working = executor->in_hand != NULL;
    stats->submitted = executor->submitted;
    memcpy(stats->outcomes, executor->outcomes, sizeof stats->outcomes);
    stats->queued = executor->queue.count;
    stats->in_flight = (working ? 1u : 0u) + (executor->settling != NULL ? 1u : 0u);
    stats->refused = executor->refused.count;
    stats->given_back = executor->given_back;
    stats->workers_booting = booting ? 1 : 0;
    stats->workers_working = working ? 1 : 0;
    stats->workers_ready = executor->running && !booting && !working ? 1 : 0;
}

static void cancel(struct inline_executor *executor, struct job *job)
{
    const struct reply reply = {.outcome = OUTCOME_CANCELLED,
                                .may_have_run = job->may_have_run,
                                .message = bytes_of_text("the server has ended")};
    inline_news_done(executor, job, &reply);
}

static void inline_free(struct executor *base)
{
    struct inline_executor *executor = executor_of(base);
    executor->stopping = true;
    executor->waiting = false;
    loop_task_stop(&executor->news);
    refuse_queue(executor);
    if (executor->settling != NULL) {
        inline_news_done(executor, executor->settling, &executor->reply);
    }
    if (executor->in_hand != NULL) {
        cancel(executor, executor->in_hand);
    }
    struct list_node *node;
    while ((node = list_take_first(&executor->refused)) != NULL) {
        cancel(executor, container_of(node, struct job, node));
    }
    buffer_free(&executor->words);
    error_clear(&executor->failure);
    error_clear(&executor->illness);
    free(executor);
}

static const struct executor_class inline_class = {
    .start = inline_start,
    .submit = inline_submit,
    .room = inline_room,
    .reset = inline_reset,
    .stop = inline_stop,
    .stop_now = inline_stop_now,
    .stats = inline_stats,
    .free = inline_free,
};

int inline_executor_new(const struct inline_settings *settings,
                        const struct executor_events *events, void *owner,
                        struct inline_executor **executor, struct error *error)
{
    struct inline_executor *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return error_memory(error);
    }
    made->base = (struct executor){.class = &inline_class, .events = events, .owner = owner};
    made->settings = *settings;
    list_init(&made->queue);
    inline_news_init(made);
    inline_host_init(made);
    *executor = made;
    return STATUS_OK;
}

struct executor *inline_executor_base(struct inline_executor *executor)
{
    return &executor->base;
}

struct embed_host *inline_executor_host(struct inline_executor *executor)
{
    return &executor->host;
}

static bool wants_to_run(const struct inline_executor *executor)
{
    bool alive = executor->phase == INLINE_BOOTING || executor->phase == INLINE_SERVING;
    return alive && !executor->stopping && !executor->running;
}

bool inline_executor_due(const struct inline_executor *executor)
{
    return wants_to_run(executor) &&
           (executor->not_before == 0 || clock_now() >= executor->not_before);
}

int64_t inline_executor_deadline(const struct inline_executor *executor)
{
    return wants_to_run(executor) ? executor->not_before : CLOCK_NEVER;
}
