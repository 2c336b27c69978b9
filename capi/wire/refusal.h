/* How a codec refuses: the reason, and the bytes that gave it. */
#ifndef COYOTE_WIRE_REFUSAL_H
#define COYOTE_WIRE_REFUSAL_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

/* STATUS_EPROTOCOL with "REASON: " and the quoted bytes. */
int refuse_quoting(struct error *error, const char *reason, struct bytes bytes);

/* STATUS_ETOOBIG: a frame states more than the limit; `came` is what came of it. */
int refuse_too_big(struct error *error, uint64_t size, size_t limit, struct bytes came);

#endif
