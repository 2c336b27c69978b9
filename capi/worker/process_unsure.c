/* A worker that asked to be stopped while it had several jobs. It may have asked in place of its
   answer to the oldest, or after the answer before that and go on with them: both are customary. So
   what it answers then may be for the oldest job or for the one behind it, and is kept: when there is
   an answer to each, all is clear. When it ends before, all of its jobs run elsewhere. */
#include <stdlib.h>
#include <string.h>

#include "process.h"

/* Followed by context, body and message. */
struct kept_answer {
    struct list_node node;
    struct reply reply;
};

static unsigned char *copy(unsigned char *to, struct bytes *bytes)
{
    if (bytes->size > 0) {
        memcpy(to, bytes->data, bytes->size);
    }
    bytes->data = to;
    return to + bytes->size;
}

static struct kept_answer *keep(const struct reply *reply)
{
    struct kept_answer *kept =
        malloc(sizeof *kept + payload_size(&reply->payload) + reply->message.size);
    if (kept != NULL) {
        kept->reply = *reply;
        unsigned char *to = copy((unsigned char *)(kept + 1), &kept->reply.payload.context);
        to = copy(to, &kept->reply.payload.body);
        copy(to, &kept->reply.message);
    }
    return kept;
}

static struct kept_answer *take(struct process *process)
{
    struct list_node *node = list_take_first(&process->kept);
    return node == NULL ? NULL : container_of(node, struct kept_answer, node);
}

void process_keep_answer(struct process *process, const struct reply *reply)
{
    struct kept_answer *kept = process->given_up ? NULL : keep(reply);
    if (kept == NULL) {
        return; /* they never become enough, and all run elsewhere */
    }
    list_append(&process->kept, &kept->node);
    process_start_job_clock(process);
    if (process->kept.count < process->worker.jobs.count) {
        return;
    }
    process->ambiguous = false;
    while ((kept = take(process)) != NULL) {
        process_answer_first(process, &kept->reply);
        free(kept);
    }
}

void process_drop_answers(struct process *process)
{
    struct kept_answer *kept;
    while ((kept = take(process)) != NULL) {
        free(kept);
    }
}
