/* Recorded talks with PHP workers; the format stands in tests/fixtures/goridge/README.md. */
#ifndef COYOTE_TESTS_UNIT_WIRE_TRANSCRIPT_H
#define COYOTE_TESTS_UNIT_WIRE_TRANSCRIPT_H

#include <jansson.h>

#include "base/buffer.h"

/* The file's tree; the test fails when it cannot be read. */
json_t *transcript_load(const char *name);

/* Appends a step's bytes, and checks their stated length. */
void transcript_append(struct buffer *to, const json_t *step);

#endif
