#include <unistd.h>

#include "inline_state.h"

void inline_news_done(struct inline_executor *executor, struct job *job, const struct reply *reply)
{
    executor->outcomes[reply->outcome]++;
    executor->base.events->done(executor->base.owner, job, reply);
}

static void tell_settled(struct inline_executor *executor)
{
    struct job *job = executor->settling;
    if (job != NULL) {
        struct reply reply = executor->reply;
        executor->settling = NULL;
        inline_news_done(executor, job, &reply);
    }
}

static void tell_refused(struct inline_executor *executor)
{
    struct list_node *node;
    while ((node = list_take_first(&executor->refused)) != NULL) {
        struct job *job = container_of(node, struct job, node);
        struct error why = {0};
        struct reply reply = {.outcome = OUTCOME_REJECTED, .may_have_run = job->may_have_run};
        if (payload_check(&job->payload, executor->settings.max_payload_size, &why) == STATUS_OK) {
            reply.outcome = OUTCOME_CANCELLED;
            error_set(&why, STATUS_ESTATE, "the server is stopping");
        }
        reply.message = bytes_of_text(error_text(&why));
        inline_news_done(executor, job, &reply);
        error_clear(&why);
    }
}

/* Takes a flag down before what it stands for is told: that may put it up again. */
static bool take(bool *flag)
{
    bool was = *flag;
    *flag = false;
    return was;
}

static void tell(struct loop_task *task)
{
    struct inline_executor *executor = container_of(task, struct inline_executor, news);
    const struct executor_events *events = executor->base.events;
    void *owner = executor->base.owner;
    tell_settled(executor);
    tell_refused(executor);
    if (take(&executor->tell_health) && !executor->stopping) {
        bool ill = executor->illness.status != STATUS_OK;
        events->health(owner, ill ? &executor->illness : NULL, executor->not_before);
    }
    if (take(&executor->tell_started)) {
        events->started(owner);
    }
    if (take(&executor->tell_room) && executor_room(&executor->base) > 0) {
        events->room(owner);
    }
    if (take(&executor->tell_failed)) {
        events->failed(owner, &executor->failure);
    }
    if (take(&executor->tell_stopped)) {
        events->stopped(owner);
    }
}

void inline_news_init(struct inline_executor *executor)
{
    executor->news.run = tell;
    list_init(&executor->refused);
}

void inline_news_post(struct inline_executor *executor)
{
    loop_task_post(executor->settings.loop, &executor->news);
}

void inline_news_tell(struct inline_executor *executor)
{
    loop_task_run(executor->settings.loop, &executor->news);
}

void inline_news_settle(struct inline_executor *executor, const struct reply *reply)
{
    executor->settled = true;
    executor->in_vain = 0;
    executor->settling = executor->in_hand;
    executor->in_hand = NULL;
    executor->host.event = EMBED_EVENT_NONE;
    executor->reply = *reply;
    executor->reply.may_have_run = true;
    executor->reply.pid = 0; /* no worker of its own has it */
}
