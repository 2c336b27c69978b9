#include "host_job.h"

#include <stdlib.h>
#include <string.h>

/* Copies with a NUL behind, so that text can be read as such. */
static unsigned char *copy_in(unsigned char *to, struct bytes from, struct bytes *copy)
{
    if (from.size > 0) {
        memcpy(to, from.data, from.size);
    }
    to[from.size] = '\0';
    *copy = (struct bytes){to, from.size};
    return to + from.size + 1;
}

struct host_job *host_job_new(const struct payload *payload)
{
    size_t size = payload->context.size + payload->body.size + 2;
    struct host_job *job = malloc(sizeof *job + size);
    if (job == NULL) {
        return NULL;
    }
    *job = (struct host_job){0};
    unsigned char *to =
        copy_in((unsigned char *)(job + 1), payload->context, &job->job.payload.context);
    copy_in(to, payload->body, &job->job.payload.body);
    return job;
}

static struct host_reply *reply_copy(uint64_t id, const struct reply *reply)
{
    size_t size = payload_size(&reply->payload) + reply->message.size + 3;
    struct host_reply *copy = malloc(sizeof *copy + size);
    if (copy == NULL) {
        return NULL;
    }
    *copy = (struct host_reply){.taken = {.id = id, .reply = *reply}};
    struct reply *taken = &copy->taken.reply;
    unsigned char *to =
        copy_in((unsigned char *)(copy + 1), reply->payload.context, &taken->payload.context);
    to = copy_in(to, reply->payload.body, &taken->payload.body);
    copy_in(to, reply->message, &taken->message);
    return copy;
}

/* An answer that is lost is for the submitter what a crash is: the job may have run. */
static struct host_reply *reply_without_memory(struct host_job *job, const struct reply *reply)
{
    job->last_resort.taken = (struct pool_host_reply){.id = job->job.id, .reply = *reply};
    struct reply *taken = &job->last_resort.taken.reply;
    taken->outcome = reply->outcome == OUTCOME_OK ? OUTCOME_CRASHED : reply->outcome;
    taken->payload = (struct payload){bytes_of_text(""), bytes_of_text("")};
    taken->message = bytes_of_text("out of memory: what the outcome said is lost");
    return &job->last_resort;
}

struct host_reply *host_job_reply(struct host_job *job, const struct reply *reply)
{
    struct host_reply *copy = reply_copy(job->job.id, reply);
    if (copy == NULL) {
        return reply_without_memory(job, reply);
    }
    free(job);
    return copy;
}

void host_reply_free(struct host_reply *reply)
{
    free(reply); /* a copy, or the first member of a job */
}
