#include "death_job.h"

#include <stdlib.h>
#include <string.h>

/* Nothing where memory has run out: the rest is worth telling all the same. */
static struct bytes copy_head(struct bytes from, size_t most, bool *cut)
{
    size_t size = from.size < most ? from.size : most;
    char *copy = size == 0 ? NULL : malloc(size);
    *cut = size < from.size;
    if (copy == NULL) {
        return (struct bytes){NULL, 0};
    }
    memcpy(copy, from.data, size);
    return (struct bytes){copy, size};
}

void death_job_note(struct death_job *note, const struct job *job)
{
    const struct payload *payload = &job->payload;
    if (note->any) {
        return;
    }
    note->any = true;
    note->id = job->id;
    note->size = payload_size(payload);
    note->keyed = job->key_size > 0;
    note->key = copy_head(job_key(job), DEATH_KEY_MOST, &note->key_cut);
    note->head = copy_head(payload->body.size > 0 ? payload->body : payload->context,
                           DEATH_HEAD_MOST, &note->head_cut);
}

void death_job_free(struct death_job *note)
{
    free((void *)(uintptr_t)note->key.data);
    free((void *)(uintptr_t)note->head.data);
    *note = (struct death_job){0};
}
