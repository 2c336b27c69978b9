#include "hand_executor.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "suite.h"

static struct hand_executor *hand_of(const struct executor *executor)
{
    return container_of(executor, struct hand_executor, executor);
}

static int hand_start(struct executor *executor, struct error *error)
{
    hand_of(executor)->started = true;
    return hand_of(executor)->start_fails ? error_set(error, STATUS_EWORKER, "it can't start")
                                          : STATUS_OK;
}

static void hand_submit(struct executor *executor, struct job *job)
{
    struct hand_executor *hand = hand_of(executor);
    ck_assert(!hand->stopped);
    list_append(&hand->jobs, &job->node);
    hand->submitted++;
    ck_assert_uint_le(hand->jobs.count, hand->capacity);
}

static size_t hand_room(const struct executor *executor)
{
    const struct hand_executor *hand = hand_of(executor);
    return hand->capacity - hand->jobs.count;
}

static void tell_stopped(struct hand_executor *hand)
{
    if (hand->stopped && list_empty(&hand->jobs) && !hand->told_stopped) {
        hand->told_stopped = true;
        hand->executor.events->stopped(hand->executor.owner);
    }
}

static void run_stopping(struct loop_task *task)
{
    tell_stopped(container_of(task, struct hand_executor, stopping));
}

static void hand_stop(struct executor *executor)
{
    struct hand_executor *hand = hand_of(executor);
    hand->stopped = true;
    loop_task_post(hand->loop, &hand->stopping);
}

static void end_first(struct hand_executor *hand, enum outcome outcome, const char *message)
{
    struct job *job = container_of(list_take_first(&hand->jobs), struct job, node);
    const struct reply reply = {
        .outcome = outcome,
        .may_have_run = outcome != OUTCOME_CANCELLED,
        .message = bytes_of_text(message),
        .pid = 4242,
    };
    hand->executor.events->done(hand->executor.owner, job, &reply);
}

static void hand_stop_now(struct executor *executor)
{
    hand_of(executor)->stopped_now = true;
    hand_stop(executor);
}

static void hand_free(struct executor *executor)
{
    struct hand_executor *hand = hand_of(executor);
    loop_task_stop(&hand->act);
    loop_task_stop(&hand->stopping);
    while (!list_empty(&hand->jobs)) {
        end_first(hand, OUTCOME_CANCELLED, "the executor is freed");
    }
    free(hand);
}

static const struct executor_class hand_class = {
    .start = hand_start,
    .submit = hand_submit,
    .room = hand_room,
    .stop = hand_stop,
    .stop_now = hand_stop_now,
    .free = hand_free,
};

static void run_act(struct loop_task *task)
{
    struct hand_executor *hand = container_of(task, struct hand_executor, act);
    hand->action(hand);
}

struct hand_executor *hand_executor_new(struct loop *loop, size_t capacity,
                                        const struct executor_events *events, void *owner)
{
    struct hand_executor *hand = calloc(1, sizeof *hand);
    hand->executor = (struct executor){.class = &hand_class, .events = events, .owner = owner};
    hand->loop = loop;
    hand->capacity = capacity;
    hand->act.run = run_act;
    hand->stopping.run = run_stopping;
    list_init(&hand->jobs);
    return hand;
}

static void act(struct hand_executor *hand, void (*action)(struct hand_executor *executor))
{
    hand->action = action;
    loop_task_post(hand->loop, &hand->act);
    ck_assert_int_eq(loop_step(hand->loop, 0, NULL), STATUS_OK);
}

static void act_started(struct hand_executor *hand)
{
    hand->executor.events->started(hand->executor.owner);
}

static void act_health(struct hand_executor *hand)
{
    struct error error = {0};
    if (hand->message != NULL) {
        error_set(&error, STATUS_EWORKER, "%s", hand->message);
    }
    hand->executor.events->health(hand->executor.owner, hand->message == NULL ? NULL : &error,
                                  clock_after(1600));
    error_clear(&error);
}

static void act_failed(struct hand_executor *hand)
{
    struct error error = {0};
    error_set(&error, STATUS_EWORKER, "%s", hand->message);
    hand->executor.events->failed(hand->executor.owner, &error);
    error_clear(&error);
}

static void act_finish(struct hand_executor *hand)
{
    bool was_full = hand_room(&hand->executor) == 0;
    end_first(hand, hand->outcome, hand->message);
    if (was_full && !hand->stopped) {
        hand->executor.events->room(hand->executor.owner);
    }
    tell_stopped(hand);
}

void hand_executor_say_started(struct hand_executor *hand)
{
    act(hand, act_started);
}

void hand_executor_say_health(struct hand_executor *hand, const char *why)
{
    hand->message = why;
    act(hand, act_health);
}

void hand_executor_say_failed(struct hand_executor *hand, const char *why)
{
    hand->message = why;
    act(hand, act_failed);
}

void hand_executor_finish(struct hand_executor *hand, enum outcome outcome, const char *message)
{
    hand->outcome = outcome;
    hand->message = message;
    act(hand, act_finish);
}

struct job *hand_executor_job(struct hand_executor *hand, size_t index)
{
    struct list_node *node = list_first(&hand->jobs);
    for (; node != NULL && index > 0; index--) {
        node = list_next(&hand->jobs, node);
    }
    return node == NULL ? NULL : container_of(node, struct job, node);
}
