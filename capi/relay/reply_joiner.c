#include "reply_joiner.h"

void reply_joiner_init(struct reply_joiner *joiner, size_t limit)
{
    *joiner = (struct reply_joiner){.limit = limit};
}

static int append_chunk(struct reply_joiner *joiner, const struct payload *chunk,
                        struct error *error)
{
    size_t have = buffer_unread(&joiner->context).size + buffer_unread(&joiner->body).size;
    if (payload_size(chunk) > joiner->limit - have) {
        return error_set(error, STATUS_ETOOBIG,
                         "the chunks of a streamed reply come to more than %zu bytes: raise "
                         "workers.max_payload_size or answer less",
                         joiner->limit);
    }
    int status = STATUS_OK;
    if (buffer_unread(&joiner->context).size == 0) {
        status = buffer_append(&joiner->context, chunk->context);
    }
    status = status != STATUS_OK ? status : buffer_append(&joiner->body, chunk->body);
    return status == STATUS_OK ? STATUS_OK : error_memory(error);
}

int reply_joiner_add(struct reply_joiner *joiner, struct payload *payload, bool more,
                     struct error *error)
{
    if (!more && !joiner->joining) {
        return STATUS_OK;
    }
    joiner->joining = true;
    int status = append_chunk(joiner, payload, error);
    if (status == STATUS_OK && !more) {
        payload->context = buffer_unread(&joiner->context);
        payload->body = buffer_unread(&joiner->body);
    }
    return status;
}

void reply_joiner_reset(struct reply_joiner *joiner)
{
    if (joiner->joining) {
        joiner->joining = false;
        buffer_reset(&joiner->context);
        buffer_reset(&joiner->body);
    }
}

void reply_joiner_free(struct reply_joiner *joiner)
{
    buffer_free(&joiner->context);
    buffer_free(&joiner->body);
}
