/* Bytes on their way into a decoder, for the tests of this folder. */
#ifndef COYOTE_TESTS_UNIT_WIRE_FEED_H
#define COYOTE_TESTS_UNIT_WIRE_FEED_H

#include "wire/goridge3.h"

/* Writes all of it, as reads of whatever room there is would. */
void feed(struct goridge3_decoder *decoder, struct bytes bytes);

/* A whole frame with one option, the context's length. */
void append_payload(struct buffer *to, const char *context, const char *body);

/* The frame's bytes again, made by goridge3_header. */
void append_frame(struct buffer *to, const struct goridge3_frame *frame);

/* "13 09 0c" to bytes, behind what is there. */
void append_hex(struct buffer *to, const char *hex);

void expect_bytes(struct bytes got, struct bytes expected);

#endif
