/* An executor whose jobs are ended by hand: it keeps the contract of payload/executor.h and does
   nothing by itself. What is asked of it happens in a task, so from a step of the loop. */
#ifndef COYOTE_TESTS_UNIT_SERVICE_HAND_EXECUTOR_H
#define COYOTE_TESTS_UNIT_SERVICE_HAND_EXECUTOR_H

#include "loop/loop.h"
#include "payload/executor.h"
#include "service/event/event_service.h"

struct hand_executor {
    struct executor executor;
    struct loop *loop;
    struct list jobs; /* submitted, not ended */
    size_t capacity;
    size_t submitted;
    struct loop_task act;
    void (*action)(struct hand_executor *hand);
    /* what the next action needs */
    enum outcome outcome;
    const char *message;
    bool started;
    bool stopped;
    bool stopped_now;
    bool told_stopped;
    bool start_fails;
    struct loop_task stopping;
};

struct hand_executor *hand_executor_new(struct loop *loop, size_t capacity,
                                        const struct executor_events *events, void *owner);

/* Each does its thing in one step of the loop. */
void hand_executor_say_started(struct hand_executor *hand);
/* NULL: healthy again. */
void hand_executor_say_health(struct hand_executor *hand, const char *why);
void hand_executor_say_failed(struct hand_executor *hand, const char *why);
/* Ends the job that was submitted first, and says `room` where there was none. */
void hand_executor_finish(struct hand_executor *hand, enum outcome outcome, const char *message);

/* The job that waits at `index`, in the order of their submits; NULL: none. */
struct job *hand_executor_job(struct hand_executor *hand, size_t index);

#endif
