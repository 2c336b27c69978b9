/* The second format's decoder and joiner under any bytes in any chunks: they may refuse, they may
   not lose, invent or read beyond. */
#include <stdlib.h>
#include <string.h>

#include "wire/goridge2.h"

enum { LIMIT = 1000 };

static void require(bool true_always)
{
    if (!true_always) {
        abort();
    }
}

/* A frame, written again, is what was read. */
static size_t check_frame(const struct goridge2_frame *frame, const uint8_t *came)
{
    uint8_t header[GORIDGE2_HEADER];
    goridge2_header(header, frame->flags, frame->payload.size);
    require(memcmp(header, came, sizeof header) == 0);
    require(frame->payload.size <= LIMIT);
    require(memcmp(frame->payload.data, came + sizeof header, frame->payload.size) == 0);
    return sizeof header + frame->payload.size;
}

/* *context is the size of the one that waits for its body. */
static void check_meaning(struct goridge2_joiner *joiner, const struct goridge2_frame *frame,
                          size_t *context)
{
    struct payload payload;
    struct error error = {0};
    int pid = 0;
    int meaning = goridge2_understand(joiner, frame, &payload, &pid, &error);
    require(meaning >= 0 || ((meaning == STATUS_EPROTOCOL || meaning == STATUS_ETOOBIG) &&
                             error.status == meaning));
    require(meaning != GORIDGE2_MEANS_PID || pid > 0);
    require(payload_size(&payload) <= LIMIT);
    if (meaning == GORIDGE2_MEANS_NOTHING_YET) {
        require(goridge2_joiner_waits(joiner));
        *context = frame->payload.size;
    } else if (meaning == GORIDGE2_MEANS_REPLY) {
        require(!goridge2_joiner_waits(joiner));
        require(payload.context.size == *context && payload.body.size == frame->payload.size);
    }
    /* all of it can be read */
    const volatile char *bytes = payload.context.data;
    for (size_t i = 0; i < payload.context.size; i++) {
        (void)bytes[i];
    }
    error_clear(&error);
}

/* How many bytes became frames; *status is what the decoder said last. */
static size_t decode(const uint8_t *data, size_t size, size_t chunk, int *status)
{
    struct goridge2_decoder decoder;
    struct goridge2_joiner joiner;
    struct goridge2_frame frame;
    struct error error = {0};
    size_t framed = 0;
    size_t context = 0;
    goridge2_decoder_init(&decoder, LIMIT);
    goridge2_joiner_init(&joiner, LIMIT);
    *status = 0;
    for (size_t at = 0; at < size && *status == 0;) {
        size_t room = 0;
        void *to = goridge2_decoder_space(&decoder, &room);
        require(to != NULL && room >= 4096);
        size_t take = size - at < chunk ? size - at : chunk;
        memcpy(to, data + at, take);
        goridge2_decoder_wrote(&decoder, take);
        at += take;
        while ((*status = goridge2_decoder_next(&decoder, &frame, &error)) == 1) {
            framed += check_frame(&frame, data + framed);
            check_meaning(&joiner, &frame, &context);
        }
        require(*status == error.status);
        require(goridge2_decoder_rest(&decoder).size == at - framed);
    }
    error_clear(&error);
    goridge2_joiner_free(&joiner);
    goridge2_decoder_free(&decoder);
    return framed;
}

/* Lengths that agree and flags that workers send, so that more inputs get past the header. */
static void mend_headers(uint8_t *data, size_t size)
{
    static const uint8_t flags[] = {0x04, 0x10, 0x12, 0x14, 0x1c};
    for (size_t at = 0; size - at >= GORIDGE2_HEADER;) {
        uint8_t header[GORIDGE2_HEADER];
        uint8_t mended = data[at] < 0xf0 ? flags[data[at] % sizeof flags] : data[at];
        uint64_t payload = mended == 0x12 ? 0 : data[at + 1] | (uint64_t)(data[at + 2] & 3) << 8;
        goridge2_header(header, mended, payload);
        memcpy(data + at, header, sizeof header);
        if (size - at < sizeof header + payload) {
            return;
        }
        at += sizeof header + payload;
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
