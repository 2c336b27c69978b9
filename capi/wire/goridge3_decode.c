#include <stdio.h>

#include "goridge3.h"
#include "goridge3_layout.h"
#include "noise.h"
#include "recognise.h"
#include "refusal.h"

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
    frame_buffer_free(&decoder->frames);
}

static bool may_begin(uint8_t byte)
{
    unsigned words = byte & 15U;
    return byte >> 4U == VERSION && words >= WORDS_WITHOUT_OPTIONS &&
           words <= WORDS_WITHOUT_OPTIONS + GORIDGE3_OPTIONS_MAX;
}

static const struct noise_format format = {
    .name = "goridge v3",
    .may_begin = may_begin,
    .is_other = goridge2_recognise,
    .other =
        "a frame of goridge's second format came, as RoadRunner 1 workers send it; this channel "
        "speaks the third",
};

static int version_check(struct bytes came, struct error *error)
{
    uint8_t first = *(const uint8_t *)came.data;
    if (may_begin(first)) {
        return STATUS_OK;
    }
    char expected[96];
    snprintf(expected, sizeof expected, "expected a first byte from 0x13 to 0x1d, got 0x%02x",
             first);
    return noise_error(error, &format, came, expected);
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
    return noise_error(error, &format, came, expected);
}

/* 1: *header is valid; 0: it is not whole yet. The first byte is judged at once, so that a worker
   that prints three characters and waits does not look like one that is slow. */
static int header_read(const struct goridge3_decoder *decoder, struct header *header,
                       struct error *error)
{
    struct bytes came = buffer_unread(&decoder->frames.bytes);
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
    if (header->payload_size > decoder->limit) {
        return refuse_too_big(error, header->payload_size, decoder->limit, came);
    }
    return 1;
}

void *goridge3_decoder_space(struct goridge3_decoder *decoder, size_t *size)
{
    struct header header;
    frame_buffer_release(&decoder->frames);
    bool known = header_read(decoder, &header, NULL) == 1;
    return frame_buffer_space(&decoder->frames, known ? header.size + header.payload_size : 0,
                              size);
}

void goridge3_decoder_wrote(struct goridge3_decoder *decoder, size_t size)
{
    buffer_wrote(&decoder->frames.bytes, size);
}

int goridge3_decoder_next(struct goridge3_decoder *decoder, struct goridge3_frame *frame,
                          struct error *error)
{
    frame_buffer_release(&decoder->frames);
    struct header header;
    int status = header_read(decoder, &header, error);
    if (status <= 0) {
        return status;
    }
    struct bytes came = buffer_unread(&decoder->frames.bytes);
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
    frame_buffer_hand_out(&decoder->frames, header.size + header.payload_size);
    return 1;
}

struct bytes goridge3_decoder_rest(const struct goridge3_decoder *decoder)
{
    return frame_buffer_rest(&decoder->frames);
}

bool goridge3_recognise(struct bytes came)
{
    const uint8_t *data = came.data;
    return came.size >= GORIDGE3_HEADER && may_begin(data[OFFSET_VERSION]) &&
           get_u32(data + OFFSET_CRC) == goridge3_crc(data);
}
