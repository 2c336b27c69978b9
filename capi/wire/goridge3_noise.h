/* What came in place of a frame, told to people. */
#ifndef COYOTE_WIRE_GORIDGE3_NOISE_H
#define COYOTE_WIRE_GORIDGE3_NOISE_H

#include "base/bytes.h"
#include "base/error.h"

/* STATUS_EPROTOCOL. `came` holds at least one byte; `expected` says what of the header was wrong.
 */
int goridge3_noise_error(struct error *error, struct bytes came, const char *expected);

#endif
