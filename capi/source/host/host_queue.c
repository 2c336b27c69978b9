/* The events: from the push to the outcome that is taken. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host_state.h"

/* Behind key and id, in what the copy of an event has for its key. */
struct mark {
    uint32_t key_size;
    uint32_t id_size;
    uint32_t attempt;
};

enum { NUMBER_SIZE = 21 }; /* any uint64_t in digits, and a NUL */

int host_source_set_capacity(struct host_source *source, int64_t events, struct error *error)
{
    if (events < 1 || events > HOST_SOURCE_CAPACITY_MOST) {
        return error_set(error, STATUS_EINVAL,
                         "a capacity of %" PRId64 " events: it must be 1 to %d", events,
                         HOST_SOURCE_CAPACITY_MOST);
    }
    source->capacity = (size_t)events;
    return STATUS_OK;
}

static int keep(struct buffer *buffer, struct bytes bytes, const char *name, struct error *error)
{
    if (bytes.size > UINT32_MAX) {
        return error_set(error, STATUS_ETOOBIG, "%s of %zu bytes: it must be below 4 GiB", name,
                         bytes.size);
    }
    buffer_reset(buffer);
    return buffer_append(buffer, bytes) == STATUS_OK ? STATUS_OK : error_memory(error);
}

int host_source_set_id(struct host_source *source, struct bytes id, struct error *error)
{
    return keep(&source->id, id, "an id", error);
}

int host_source_set_key(struct host_source *source, struct bytes key, struct error *error)
{
    return keep(&source->key, key, "a key", error);
}

int host_source_set_attempt(struct host_source *source, int64_t attempt, struct error *error)
{
    if (attempt < 1 || attempt > UINT32_MAX) {
        return error_set(error, STATUS_EINVAL,
                         "attempt %" PRId64 ": the first one is 1, the last one %" PRIu32, attempt,
                         UINT32_MAX);
    }
    source->attempt = (uint32_t)attempt;
    return STATUS_OK;
}

/* --- in --- */

static int check_open(const struct host_source *source, struct error *error)
{
    if (source->state == HOST_SOURCE_ABSENT) {
        return error_set(
            error, STATUS_ESTATE,
            "nothing serves \"%s\": the config has no section of it, or it is disabled",
            source->name);
    }
    if (source->state == HOST_SOURCE_ENDED) {
        return error_set(error, STATUS_ESTATE,
                         "the service of \"%s\" has ended: it takes no more events", source->name);
    }
    if (source->ended || source->failure.status != STATUS_OK) {
        return error_set(error, STATUS_ESTATE,
                         "\"%s\" was told that it %s: it takes no more events", source->name,
                         source->ended ? "has no more events" : "can't go on");
    }
    return STATUS_OK;
}

static size_t room_of(const struct host_source *source)
{
    return source->host == NULL ? 0 : source->host->room(source->host);
}

static int check_place(const struct host_source *source, struct error *error)
{
    size_t waiting = source->waiting.count;
    if (waiting < source->capacity || waiting - source->capacity < room_of(source)) {
        return STATUS_OK;
    }
    return error_set(error, STATUS_EFULL,
                     "%zu events of \"%s\" wait already, and workers are busy: push again when one "
                     "is settled",
                     waiting, source->name);
}

static int make_label(struct host_source *source, struct error *error)
{
    char number[NUMBER_SIZE];
    struct bytes key = buffer_unread(&source->key);
    struct bytes id = buffer_unread(&source->id);
    if (id.size == 0) {
        snprintf(number, sizeof number, "%" PRIu64, source->jobs.last_id + 1);
        id = bytes_of_text(number);
    }
    const struct mark mark = {(uint32_t)key.size, (uint32_t)id.size, source->attempt};
    buffer_reset(&source->label);
    int status = buffer_append(&source->label, key);
    status = status != STATUS_OK ? status : buffer_append(&source->label, id);
    status = status != STATUS_OK
                 ? status
                 : buffer_append(&source->label, (struct bytes){&mark, sizeof mark});
    if (status != STATUS_OK) {
        return error_memory(error);
    }
    size_t size = buffer_unread(&source->label).size;
    return size <= UINT32_MAX ? STATUS_OK
                              : error_set(error, STATUS_ETOOBIG,
                                          "key and id of %zu bytes: together they must be below "
                                          "4 GiB",
                                          size - sizeof mark);
}

/* What is too large for any machine must not become small by adding. */
static bool fits(const struct payload *payload)
{
    return payload->context.size <= PTRDIFF_MAX / 4 && payload->body.size <= PTRDIFF_MAX / 4;
}

int64_t host_source_push(struct host_source *source, const struct payload *payload,
                         struct error *error)
{
    int status = check_open(source, error);
    status = status != STATUS_OK ? status : check_place(source, error);
    status = status != STATUS_OK ? status : make_label(source, error);
    if (status != STATUS_OK) {
        return status;
    }
    struct job *job =
        fits(payload) ? host_jobs_add(&source->jobs, payload, buffer_unread(&source->label)) : NULL;
    if (job == NULL) {
        return error_memory(error);
    }
    buffer_reset(&source->id);
    buffer_reset(&source->key);
    source->attempt = 1;
    list_append(&source->waiting, &job->node);
    if (source->host != NULL) {
        source->host->ready(source->host);
    }
    return (int64_t)job->id;
}

/* --- on --- */

size_t host_source_room(const struct host_source *source)
{
    bool taken = source->state == HOST_SOURCE_SERVING && !source->ended;
    size_t room = taken ? room_of(source) : 0;
    size_t waiting = source->waiting.count;
    return room > waiting ? room - waiting : 0;
}

void host_queue_take(struct host_source *source, struct event *event)
{
    struct job *job = container_of(list_take_first(&source->waiting), struct job, node);
    const char *label = job->key;
    struct mark mark;
    memcpy(&mark, label + job->key_size - sizeof mark, sizeof mark);
    *event = (struct event){
        .id = {label + mark.key_size, mark.id_size},
        .key = {label, mark.key_size},
        .payload = job->payload,
        .attempt = mark.attempt,
        .handle = job,
    };
}

/* --- out --- */

bool host_source_is_owed(const struct host_source *source)
{
    return source->jobs.pending.count > 0;
}

bool host_source_has_outcome(const struct host_source *source)
{
    return !list_empty(&source->jobs.done);
}

struct taken_reply *host_source_take(struct host_source *source)
{
    return host_jobs_take(&source->jobs, 0);
}

void host_source_leave(struct host_source *source, enum host_source_state state, const char *reason)
{
    const struct reply cancelled = {
        .outcome = OUTCOME_CANCELLED,
        .message = bytes_of_text(reason),
    };
    if (source->state != HOST_SOURCE_ENDED && source->state != HOST_SOURCE_ABSENT) {
        source->state = state;
    }
    for (struct list_node *node; (node = list_take_first(&source->waiting)) != NULL;) {
        host_jobs_settle(&source->jobs, container_of(node, struct job, node), &cancelled);
    }
}
