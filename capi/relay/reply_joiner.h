/* Puts the chunks of a streamed reply together. */
#ifndef COYOTE_RELAY_REPLY_JOINER_H
#define COYOTE_RELAY_REPLY_JOINER_H

#include <stdbool.h>

#include "base/buffer.h"
#include "payload/payload.h"

struct reply_joiner {
    size_t limit; /* of the whole reply */
    bool joining;
    struct buffer context; /* the first one that is not empty */
    struct buffer body;
};

void reply_joiner_init(struct reply_joiner *joiner, size_t limit);

/* Takes a chunk. After the last one (*more false) *payload is the whole reply, which lives until
   the reset; a reply of one chunk is not copied. STATUS_ETOOBIG, STATUS_EMEMORY. */
int reply_joiner_add(struct reply_joiner *joiner, struct payload *payload, bool more,
                     struct error *error);

void reply_joiner_reset(struct reply_joiner *joiner);
void reply_joiner_free(struct reply_joiner *joiner);

#endif
