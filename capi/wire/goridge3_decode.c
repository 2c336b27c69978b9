#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "goridge3.h"
#include "goridge3_layout.h"
#include "goridge3_noise.h"

enum {
    READ_AHEAD = 4096,       /* what decoder_space gives at the least */
    KEEP_CAPACITY = 1 << 20, /* memory above it is given back ... */
    QUIET_FRAMES = 16        /* ... after so many frames that did not need it */
};

/* What the header says, once it is whole and verified. */
struct header {
    size_t size; /* of the header, options included */
    uint32_t payload_size;
};

static uint32_t get_u32(const uint8_t *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
           (uint32_t)from[3] << 24;
}

void goridge3_decoder_init(struct goridge3_decoder *decoder, size_t limit)
{
    *decoder = (struct goridge3_decoder){.limit = limit};
}

void goridge3_decoder_free(struct goridge3_decoder *decoder)
{
    buffer_free(&decoder->buffer);
    decoder->handed_out = 0;
}

static int error_not_a_frame(struct error *error, struct bytes came, const char *expected)
{
    return error == NULL ? STATUS_EPROTOCOL : goridge3_noise_error(error, came, expected);
}

static int version_check(struct bytes came, struct error *error)
{
    uint8_t first = *(const uint8_t *)came.data;
    unsigned version = first >> 4U;
    unsigned words = first & 15U;
    if (version == VERSION && words >= WORDS_WITHOUT_OPTIONS &&
        words <= WORDS_WITHOUT_OPTIONS + GORIDGE3_OPTIONS_MAX) {
        return STATUS_OK;
    }
    char expected[96];
    snprintf(expected, sizeof expected, "expected a first byte from 0x13 to 0x1d, got 0x%02x",
             first);
    return error_not_a_frame(error, came, expected);
}

static int crc_check(struct bytes came, struct error *error)
{
    uint32_t stated = get_u32((const uint8_t *)came.data + OFFSET_CRC);
    uint32_t computed = goridge3_crc(came.data);
    if (stated == computed) {
        return STATUS_OK;
    }
    char expected[96];
    snprintf(expected, sizeof expected, "expected the header's CRC32 to be 0x%08x, got 0x%08x",
             computed, stated);
    return error_not_a_frame(error, came, expected);
}

static int size_check(struct bytes came, uint32_t size, size_t limit, struct error *error)
{
    if (size <= limit) {
        return STATUS_OK;
    }
    if (error == NULL) {
        return STATUS_ETOOBIG;
    }
    char *quoted = bytes_quote(came, GORIDGE3_HEADER + 64);
    error_set(error, STATUS_ETOOBIG,
              "a frame of %u bytes came, the limit is %zu: raise workers.max_payload_size or send "
              "less; the frame begins %s",
              size, limit, quoted == NULL ? "(no memory to quote it)" : quoted);
    free(quoted);
    return STATUS_ETOOBIG;
}

/* 1: *header is valid; 0: it is not whole yet. The first byte is judged at once, so that a worker
   that prints three characters and waits does not look like one that is slow. */
static int header_read(const struct goridge3_decoder *decoder, struct header *header,
                       struct error *error)
{
    struct bytes came = buffer_unread(&decoder->buffer);
    const uint8_t *data = came.data;
    if (came.size == 0) {
        return 0;
    }
    int status = version_check(came, error);
    if (status < 0) {
        return status;
    }
    if (came.size < GORIDGE3_HEADER) {
        return 0;
    }
    status = crc_check(came, error);
    if (status < 0) {
        return status;
    }
    header->size = (size_t)(data[OFFSET_VERSION] & 15U) * 4;
    header->payload_size = get_u32(data + OFFSET_SIZE);
    status = size_check(came, header->payload_size, decoder->limit, error);
    if (status < 0) {
        return status;
    }
    return 1;
}

static void release_last(struct goridge3_decoder *decoder)
{
    if (decoder->handed_out == 0) {
        return;
    }
    decoder->quiet = decoder->handed_out > KEEP_CAPACITY / 2 ? 0 : decoder->quiet + 1;
    buffer_consume(&decoder->buffer, decoder->handed_out);
    decoder->handed_out = 0;
    /* one large reply must not hold its memory for the rest of a worker's life */
    if (decoder->quiet >= QUIET_FRAMES && decoder->buffer.capacity > KEEP_CAPACITY &&
        buffer_unread(&decoder->buffer).size == 0) {
        buffer_free(&decoder->buffer);
    }
}

void *goridge3_decoder_space(struct goridge3_decoder *decoder, size_t *size)
{
    release_last(decoder);
    size_t wanted = READ_AHEAD;
    struct header header;
    if (header_read(decoder, &header, NULL) == 1) {
        size_t there = buffer_unread(&decoder->buffer).size;
        size_t whole = header.size + header.payload_size;
        if (whole > there && whole - there > wanted) {
            wanted = whole - there;
        }
    }
    void *room = buffer_reserve(&decoder->buffer, wanted);
    *size = room == NULL ? 0 : decoder->buffer.capacity - decoder->buffer.end;
    return room;
}

void goridge3_decoder_wrote(struct goridge3_decoder *decoder, size_t size)
{
    buffer_wrote(&decoder->buffer, size);
}

int goridge3_decoder_next(struct goridge3_decoder *decoder, struct goridge3_frame *frame,
                          struct error *error)
{
    release_last(decoder);
    struct header header;
    int status = header_read(decoder, &header, error);
    if (status <= 0) {
        return status;
    }
    struct bytes came = buffer_unread(&decoder->buffer);
    if (came.size < header.size || came.size - header.size < header.payload_size) {
        return 0;
    }
    const uint8_t *data = came.data;
    frame->flags = data[OFFSET_FLAGS];
    frame->stream = data[OFFSET_STREAM];
    frame->option_count = (uint8_t)((header.size - GORIDGE3_HEADER) / 4);
    for (size_t i = 0; i < frame->option_count; i++) {
        frame->options[i] = get_u32(data + GORIDGE3_HEADER + 4 * i);
    }
    frame->payload = (struct bytes){data + header.size, header.payload_size};
    decoder->handed_out = header.size + header.payload_size;
    return 1;
}

struct bytes goridge3_decoder_rest(const struct goridge3_decoder *decoder)
{
    struct bytes unread = buffer_unread(&decoder->buffer);
    if (unread.size > 0) {
        unread.data = (const char *)unread.data + decoder->handed_out;
        unread.size -= decoder->handed_out;
    }
    return unread;
}
