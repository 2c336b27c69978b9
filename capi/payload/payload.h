/* What is sent to PHP: a context (small, JSON by custom) and a body. */
#ifndef COYOTE_PAYLOAD_PAYLOAD_H
#define COYOTE_PAYLOAD_PAYLOAD_H

#include <stddef.h>

#include "base/bytes.h"
#include "base/error.h"

/* Both borrowed; either may be empty, not both in an exec. */
struct payload {
    struct bytes context;
    struct bytes body;
};

/* RoadRunner's limit is 32 bits of length; ours is 64 MiB unless the config says more. */
#define PAYLOAD_SIZE_DEFAULT ((size_t)64 * 1024 * 1024)

/* 0, STATUS_EINVAL when both parts are empty, STATUS_ETOOBIG above the limit. */
int payload_check(const struct payload *payload, size_t limit, struct error *error);

size_t payload_size(const struct payload *payload);

#endif
