/* The decoder under any bytes in any chunks: it may refuse, it may not lose, invent or read beyond.
 */
#include <stdlib.h>
#include <string.h>

#include "wire/goridge3.h"

enum { LIMIT = 1000 };

static void require(bool true_always)
{
    if (!true_always) {
        abort();
    }
}

/* A frame, written again, is what was read but for the reserved byte, which means nothing. */
static size_t check_frame(const struct goridge3_frame *frame, const uint8_t *came)
{
    uint8_t header[GORIDGE3_HEADER_MAX];
    size_t size = goridge3_header(header, frame->flags, frame->stream, frame->options,
                                  frame->option_count, (uint32_t)frame->payload.size);
    header[11] = came[11];
    require(memcmp(header, came, size) == 0);
    require(frame->payload.size <= LIMIT);
    require(memcmp(frame->payload.data, came + size, frame->payload.size) == 0);
    return size + frame->payload.size;
}

static void check_meaning(const struct goridge3_frame *frame)
{
    struct payload payload;
    struct error error = {0};
    bool more = false;
    int pid = 0;
    int meaning = goridge3_understand(frame, &payload, &more, &pid, &error);
    require(meaning >= 0 || (meaning == STATUS_EPROTOCOL && error.status == meaning));
    require(payload_size(&payload) <= frame->payload.size);
    require(meaning != GORIDGE3_MEANS_PID || pid > 0);
    error_clear(&error);
}

/* How many bytes became frames; *status is what the decoder said last. */
static size_t decode(const uint8_t *data, size_t size, size_t chunk, int *status)
{
    struct goridge3_decoder decoder;
    struct goridge3_frame frame;
    struct error error = {0};
    size_t framed = 0;
    goridge3_decoder_init(&decoder, LIMIT);
    *status = 0;
    for (size_t at = 0; at < size && *status == 0;) {
        size_t room = 0;
        void *to = goridge3_decoder_space(&decoder, &room);
        require(to != NULL && room >= 4096);
        size_t take = size - at < chunk ? size - at : chunk;
        memcpy(to, data + at, take);
        goridge3_decoder_wrote(&decoder, take);
        at += take;
        while ((*status = goridge3_decoder_next(&decoder, &frame, &error)) == 1) {
            framed += check_frame(&frame, data + framed);
            check_meaning(&frame);
        }
        require(*status == error.status);
        require(goridge3_decoder_rest(&decoder).size == at - framed);
    }
    error_clear(&error);
    goridge3_decoder_free(&decoder);
    return framed;
}

/* Right CRCs, so that more than one input in four thousand million gets past the header. */
static void mend_headers(uint8_t *data, size_t size)
{
    for (size_t at = 0; size - at >= GORIDGE3_HEADER;) {
        uint8_t header[GORIDGE3_HEADER_MAX];
        uint32_t payload = data[at + 2] | (uint32_t)(data[at + 3] & 3) << 8;
        uint8_t options = data[at] % (GORIDGE3_OPTIONS_MAX + 1);
        size_t length =
            goridge3_header(header, data[at + 1], data[at + 10],
                            (const uint32_t[GORIDGE3_OPTIONS_MAX]){0}, options, payload);
        memcpy(data + at, header, 11);
        if (size - at < length + payload) {
            return;
        }
        at += length + payload;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 4000) {
        return 0;
    }
    size_t chunk = 1 + data[0] % 64;
    uint8_t *bytes = malloc(size - 1);
    require(bytes != NULL);
    memcpy(bytes, data + 1, size - 1);
    if ((data[0] & 64) != 0) {
        mend_headers(bytes, size - 1);
    }
    int whole = 0;
    int chunked = 0;
    size_t framed = decode(bytes, size - 1, size, &whole);
    require(decode(bytes, size - 1, chunk, &chunked) == framed && whole == chunked);
    free(bytes);
    return 0;
}
