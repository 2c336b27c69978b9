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
    *job = (struct host_job){.job = {.attempt = 1}};
    unsigned char *to = copy_in(job->bytes, payload->context, &job->job.payload.context);
    copy_in(to, payload->body, &job->job.payload.body);
    return job;
}

struct host_reply *host_reply_new(uint64_t id, const struct reply *reply)
{
    size_t size = payload_size(&reply->payload) + reply->message.size + 3;
    struct host_reply *copy = malloc(sizeof *copy + size);
    if (copy == NULL) {
        return NULL;
    }
    *copy = (struct host_reply){.taken = {.id = id, .reply = *reply}};
    struct reply *taken = &copy->taken.reply;
    unsigned char *to = copy_in(copy->bytes, reply->payload.context, &taken->payload.context);
    to = copy_in(to, reply->payload.body, &taken->payload.body);
    copy_in(to, reply->message, &taken->message);
    return copy;
}
