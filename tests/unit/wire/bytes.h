/* Bytes, for the tests of this folder. */
#ifndef COYOTE_TESTS_UNIT_WIRE_BYTES_H
#define COYOTE_TESTS_UNIT_WIRE_BYTES_H

#include "wire/goridge2.h"
#include "wire/goridge3.h"

void append_bytes(struct buffer *to, struct bytes bytes);

/* "13 09 0c" to bytes, behind what is there. */
void append_hex(struct buffer *to, const char *hex);

/* A whole frame with one option, the context's length. */
void append_payload(struct buffer *to, const char *context, const char *body);

/* The frame's bytes again, made by goridge3_header. */
void append_frame(struct buffer *to, const struct goridge3_frame *frame);

/* The same for the second format: two frames, and one. */
void append_payload2(struct buffer *to, const char *context, const char *body);
void append_frame2(struct buffer *to, const struct goridge2_frame *frame);

void expect_bytes(struct bytes got, struct bytes expected);

/* The bytes are these, and the buffer is emptied for the next. */
void expect_hex(struct buffer *got, const char *hex);

#endif
