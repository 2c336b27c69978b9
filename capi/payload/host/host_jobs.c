#include "payload/host/host_jobs.h"

#include <stdlib.h>
#include <string.h>

/* Followed by context, body and key. Small, for there may be a million of them: whether it is
   abandoned is told by its absence from `pending`. */
struct host_job {
    struct job job;
    struct id_node node; /* in `pending` */
};

/* Followed by context NUL body NUL message NUL. */
struct host_reply {
    struct taken_reply taken;
    struct list_node node;    /* in `done` */
    struct id_node id_node;   /* in `settled` */
    struct host_blocks *home; /* where the block goes when it is freed */
};

static uint64_t id_of_job(const struct id_node *node)
{
    return container_of(node, struct host_job, node)->job.id;
}

static uint64_t id_of_reply(const struct id_node *node)
{
    return container_of(node, struct host_reply, id_node)->taken.id;
}

int host_jobs_init(struct host_jobs *jobs)
{
    list_init(&jobs->done);
    jobs->job_blocks = host_blocks_new();
    jobs->reply_blocks = host_blocks_new();
    bool whole = jobs->job_blocks != NULL && jobs->reply_blocks != NULL &&
                 id_table_init(&jobs->pending, id_of_job) == STATUS_OK &&
                 id_table_init(&jobs->settled, id_of_reply) == STATUS_OK;
    return whole ? STATUS_OK : STATUS_EMEMORY;
}

void host_jobs_free(struct host_jobs *jobs)
{
    struct list_node *node;
    while ((node = list_take_first(&jobs->done)) != NULL) {
        struct host_reply *reply = container_of(node, struct host_reply, node);
        host_blocks_give(reply->home, reply);
    }
    id_table_free(&jobs->pending);
    id_table_free(&jobs->settled);
    host_blocks_close(jobs->job_blocks);
    host_blocks_close(jobs->reply_blocks);
}

/* --- in --- */

static unsigned char *copy_bytes(unsigned char *to, struct bytes from)
{
    if (from.size > 0) {
        memcpy(to, from.data, from.size);
    }
    return to + from.size;
}

/* 0: no memory is as large. */
static size_t size_of(const struct payload *payload, struct bytes key)
{
    size_t size = sizeof(struct host_job);
    bool fits = !__builtin_add_overflow(size, payload->context.size, &size) &&
                !__builtin_add_overflow(size, payload->body.size, &size) &&
                !__builtin_add_overflow(size, key.size, &size);
    /* room for an outcome that says that memory ran out */
    size = size < sizeof(struct host_reply) ? sizeof(struct host_reply) : size;
    return fits && size <= PTRDIFF_MAX ? size : 0;
}

struct job *host_jobs_add(struct host_jobs *jobs, const struct payload *payload, struct bytes key)
{
    size_t size = size_of(payload, key);
    struct host_job *job = size == 0 ? NULL : host_blocks_take(jobs->job_blocks, size);
    if (job == NULL) {
        return NULL;
    }
    unsigned char *context = (unsigned char *)(job + 1);
    unsigned char *body = copy_bytes(context, payload->context);
    unsigned char *own_key = copy_bytes(body, payload->body);
    copy_bytes(own_key, key);
    *job = (struct host_job){
        .job = {.id = ++jobs->last_id,
                .payload = {{context, payload->context.size}, {body, payload->body.size}},
                .key = own_key,
                .key_size = (uint32_t)key.size},
    };
    id_table_add(&jobs->pending, &job->node);
    return &job->job;
}

struct job *host_jobs_add_sizes(struct host_jobs *jobs, const struct payload *payload)
{
    static const struct payload nothing = {0};
    struct job *job = host_jobs_add(jobs, &nothing, (struct bytes){0});
    if (job != NULL) {
        job->payload.context.size = payload->context.size;
        job->payload.body.size = payload->body.size;
    }
    return job;
}

struct job *host_jobs_pending(const struct host_jobs *jobs, uint64_t id)
{
    struct id_node *node = id_table_find(&jobs->pending, id);
    return node == NULL ? NULL : &container_of(node, struct host_job, node)->job;
}

bool host_jobs_is_settled(const struct host_jobs *jobs, uint64_t id)
{
    return id_table_find(&jobs->settled, id) != NULL;
}

void host_jobs_abandon(struct host_jobs *jobs, uint64_t id)
{
    id_table_take(&jobs->pending, id);
}

/* --- out --- */

/* With a NUL behind, so that text can be read as such. */
static unsigned char *copy_text(unsigned char *to, struct bytes from, struct bytes *copy)
{
    unsigned char *end = copy_bytes(to, from);
    *end = '\0';
    *copy = (struct bytes){to, from.size};
    return end + 1;
}

static struct host_reply *reply_copy(struct host_jobs *jobs, uint64_t id, const struct reply *reply)
{
    size_t size = payload_size(&reply->payload) + reply->message.size + 3;
    struct host_reply *copy = host_blocks_take(jobs->reply_blocks, sizeof *copy + size);
    if (copy == NULL) {
        return NULL;
    }
    *copy = (struct host_reply){.taken = {.id = id, .reply = *reply}, .home = jobs->reply_blocks};
    struct reply *taken = &copy->taken.reply;
    unsigned char *to =
        copy_text((unsigned char *)(copy + 1), reply->payload.context, &taken->payload.context);
    to = copy_text(to, reply->payload.body, &taken->payload.body);
    copy_text(to, reply->message, &taken->message);
    return copy;
}

/* An answer that is lost is for the submitter what a crash is: the job may have run. */
static struct host_reply *reply_without_memory(void *block, uint64_t id, const struct reply *reply)
{
    struct host_reply *last_resort = block;
    *last_resort = (struct host_reply){
        .taken = {.id = id,
                  .reply = {.outcome =
                                reply->outcome == OUTCOME_OK ? OUTCOME_CRASHED : reply->outcome,
                            .may_have_run = reply->may_have_run,
                            .payload = {bytes_of_text(""), bytes_of_text("")},
                            .message =
                                bytes_of_text("out of memory: what the outcome said is lost"),
                            .pid = reply->pid}},
    };
    return last_resort;
}

void host_jobs_settle(struct host_jobs *jobs, struct job *job, const struct reply *reply)
{
    struct host_job *block = container_of(job, struct host_job, job);
    uint64_t id = job->id;
    if (id_table_take(&jobs->pending, id) == NULL) {
        host_blocks_give(jobs->job_blocks, block);
        return;
    }
    struct host_reply *settled = reply_copy(jobs, id, reply);
    if (settled == NULL) {
        settled = reply_without_memory(block, id, reply);
        settled->home = jobs->job_blocks;
    } else {
        host_blocks_give(jobs->job_blocks, block);
    }
    list_append(&jobs->done, &settled->node);
    id_table_add(&jobs->settled, &settled->id_node);
}

struct taken_reply *host_jobs_take(struct host_jobs *jobs, uint64_t id)
{
    struct host_reply *reply = NULL;
    if (id == 0 && !list_empty(&jobs->done)) {
        reply = container_of(list_first(&jobs->done), struct host_reply, node);
    } else if (id != 0) {
        struct id_node *node = id_table_find(&jobs->settled, id);
        reply = node == NULL ? NULL : container_of(node, struct host_reply, id_node);
    }
    if (reply == NULL) {
        return NULL;
    }
    list_remove(&jobs->done, &reply->node);
    id_table_take(&jobs->settled, reply->taken.id);
    host_blocks_lend(reply->home);
    return &reply->taken;
}

void taken_reply_free(struct taken_reply *taken)
{
    if (taken != NULL) {
        struct host_reply *reply = container_of(taken, struct host_reply, taken);
        host_blocks_return(reply->home, reply);
    }
}
