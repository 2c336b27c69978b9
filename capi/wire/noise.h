/* What came in place of a frame, told to people: PHP's own messages and printed text are known as
   such in either format. */
#ifndef COYOTE_WIRE_NOISE_H
#define COYOTE_WIRE_NOISE_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

/* The format that was expected on the channel. */
struct noise_format {
    const char *name;                    /* "goridge v3" */
    bool (*may_begin)(uint8_t byte);     /* whether a frame may begin so */
    bool (*is_other)(struct bytes came); /* whether it is a frame of the other format */
    const char *other;                   /* what to say then */
};

/* STATUS_EPROTOCOL. `came` holds at least one byte; `expected` says what of the header was wrong.
 */
int noise_error(struct error *error, const struct noise_format *format, struct bytes came,
                const char *expected);

#endif
