#include "payload/payload.h"

int payload_check(const struct payload *payload, size_t limit, struct error *error)
{
    size_t context = payload->context.size;
    size_t body = payload->body.size;
    if (context == 0 && body == 0) {
        return error_set(error, STATUS_EINVAL,
                         "the payload is empty: give it a body, a context, or both");
    }
    if (context > limit || body > limit - context) {
        return error_set(error, STATUS_ETOOBIG,
                         "the payload has %zu + %zu bytes (context + body), the limit is %zu: "
                         "raise workers.max_payload_size or send less",
                         context, body, limit);
    }
    return STATUS_OK;
}

size_t payload_size(const struct payload *payload)
{
    return payload->context.size + payload->body.size;
}
