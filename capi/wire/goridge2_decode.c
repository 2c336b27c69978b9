#include <inttypes.h>
#include <stdio.h>

#include "goridge2.h"
#include "goridge2_layout.h"
#include "noise.h"
#include "recognise.h"
#include "refusal.h"

/* The flags that the format defines, in combinations that can be: an error always has a text and
   RAW says how to read one, so neither goes with EMPTY. A line feed, with which PHP begins its
   messages, would otherwise look like EMPTY and ERROR. */
static bool may_begin(uint8_t flags)
{
    unsigned defined = GORIDGE2_EMPTY | GORIDGE2_RAW | GORIDGE2_ERROR | GORIDGE2_CONTROL;
    bool empty = (flags & GORIDGE2_EMPTY) != 0;
    return (flags & ~defined) == 0 && (!empty || (flags & (GORIDGE2_RAW | GORIDGE2_ERROR)) == 0);
}

static const struct noise_format format = {
    .name = "goridge v2",
    .may_begin = may_begin,
    .is_other = goridge3_recognise,
    .other = "a frame of goridge's third format came, as RoadRunner 2 and later workers send it; "
             "this channel speaks the second",
};

static uint64_t stated_size(const uint8_t *header)
{
    uint64_t size = 0;
    for (size_t i = 0; i < 8; i++) {
        size |= (uint64_t)header[OFFSET_SIZE + i] << (8 * i);
    }
    return size;
}

static uint64_t stated_size_again(const uint8_t *header)
{
    uint64_t size = 0;
    for (size_t i = 0; i < 8; i++) {
        size = size << 8 | header[OFFSET_SIZE_AGAIN + i];
    }
    return size;
}

void goridge2_decoder_init(struct goridge2_decoder *decoder, size_t limit)
{
    *decoder = (struct goridge2_decoder){.limit = limit};
}

void goridge2_decoder_free(struct goridge2_decoder *decoder)
{
    frame_buffer_free(&decoder->frames);
}

static int flags_check(struct bytes came, struct error *error)
{
    uint8_t flags = *(const uint8_t *)came.data;
    if (may_begin(flags)) {
        return STATUS_OK;
    }
    char expected[96];
    snprintf(expected, sizeof expected,
             "expected a first byte with flags such as 0x04, 0x10, 0x12, 0x14 or 0x1c, got 0x%02x",
             flags);
    return noise_error(error, &format, came, expected);
}

static int sizes_check(struct bytes came, uint64_t size, struct error *error)
{
    const uint8_t *header = came.data;
    uint64_t again = stated_size_again(header);
    char expected[128];
    if (size != again) {
        snprintf(expected, sizeof expected,
                 "expected the length twice, little then big endian, got 0x%" PRIx64
                 " and 0x%" PRIx64,
                 size, again);
        return noise_error(error, &format, came, expected);
    }
    if ((header[OFFSET_FLAGS] & GORIDGE2_EMPTY) != 0 && size > 0) {
        snprintf(expected, sizeof expected,
                 "expected no payload with the flag EMPTY, got a length of %" PRIu64, size);
        return noise_error(error, &format, came, expected);
    }
    return STATUS_OK;
}

/* 1: *size is the payload's, verified; 0: the header is not whole yet. Flags are judged at once, so
   that a worker that prints three characters and waits does not look like one that is slow. */
static int header_read(const struct goridge2_decoder *decoder, size_t *size, struct error *error)
{
    struct bytes came = buffer_unread(&decoder->frames.bytes);
    if (came.size == 0) {
        return 0;
    }
    int status = flags_check(came, error);
    if (status < 0) {
        return status;
    }
    if (came.size < GORIDGE2_HEADER) {
        return 0;
    }
    uint64_t stated = stated_size(came.data);
    status = sizes_check(came, stated, error);
    if (status < 0) {
        return status;
    }
    /* 64 bits are stated: with the header the sum must not wrap around, whatever the limit */
    if (stated > decoder->limit || stated > SIZE_MAX - GORIDGE2_HEADER) {
        return refuse_too_big(error, stated, decoder->limit, came);
    }
    *size = (size_t)stated;
    return 1;
}

void *goridge2_decoder_space(struct goridge2_decoder *decoder, size_t *size)
{
    size_t payload = 0;
    frame_buffer_release(&decoder->frames);
    bool known = header_read(decoder, &payload, NULL) == 1;
    return frame_buffer_space(&decoder->frames, known ? GORIDGE2_HEADER + payload : 0, size);
}

void goridge2_decoder_wrote(struct goridge2_decoder *decoder, size_t size)
{
    buffer_wrote(&decoder->frames.bytes, size);
}

int goridge2_decoder_next(struct goridge2_decoder *decoder, struct goridge2_frame *frame,
                          struct error *error)
{
    size_t payload = 0;
    frame_buffer_release(&decoder->frames);
    int status = header_read(decoder, &payload, error);
    if (status <= 0) {
        return status;
    }
    struct bytes came = buffer_unread(&decoder->frames.bytes);
    if (came.size - GORIDGE2_HEADER < payload) {
        return 0;
    }
    const uint8_t *data = came.data;
    frame->flags = data[OFFSET_FLAGS];
    frame->payload = (struct bytes){data + GORIDGE2_HEADER, payload};
    frame_buffer_hand_out(&decoder->frames, GORIDGE2_HEADER + payload);
    return 1;
}

struct bytes goridge2_decoder_rest(const struct goridge2_decoder *decoder)
{
    return frame_buffer_rest(&decoder->frames);
}

bool goridge2_recognise(struct bytes came)
{
    const uint8_t *data = came.data;
    return came.size >= GORIDGE2_HEADER && may_begin(data[OFFSET_FLAGS]) &&
           stated_size(data) == stated_size_again(data);
}
