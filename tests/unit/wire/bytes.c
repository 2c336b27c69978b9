#include "feed.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

void feed(struct goridge3_decoder *decoder, struct bytes bytes)
{
    const char *from = bytes.data;
    while (bytes.size > 0) {
        size_t room = 0;
        void *to = goridge3_decoder_space(decoder, &room);
        ck_assert_ptr_nonnull(to);
        ck_assert_uint_ge(room, 4096);
        size_t take = room < bytes.size ? room : bytes.size;
        memcpy(to, from, take);
        goridge3_decoder_wrote(decoder, take);
        from += take;
        bytes.size -= take;
    }
}

static void append(struct buffer *to, const void *data, size_t size)
{
    ck_assert_int_eq(buffer_append(to, (struct bytes){data, size}), STATUS_OK);
}

void append_payload(struct buffer *to, const char *context, const char *body)
{
    struct payload payload = {bytes_of_text(context), bytes_of_text(body)};
    uint8_t header[GORIDGE3_HEADER_MAX];
    append(to, header, goridge3_payload_header(header, &payload));
    append(to, context, payload.context.size);
    append(to, body, payload.body.size);
}

void append_frame(struct buffer *to, const struct goridge3_frame *frame)
{
    uint8_t header[GORIDGE3_HEADER_MAX];
    size_t size = goridge3_header(header, frame->flags, frame->stream, frame->options,
                                  frame->option_count, (uint32_t)frame->payload.size);
    append(to, header, size);
    append(to, frame->payload.data, frame->payload.size);
}

void append_hex(struct buffer *to, const char *hex)
{
    while (*hex != '\0') {
        if (*hex == ' ') {
            hex++;
            continue;
        }
        char digits[3] = {hex[0], hex[1], '\0'};
        char *end = NULL;
        uint8_t byte = (uint8_t)strtoul(digits, &end, 16);
        ck_assert_ptr_eq(end, digits + 2);
        append(to, &byte, 1);
        hex += 2;
    }
}

void expect_bytes(struct bytes got, struct bytes expected)
{
    if (bytes_equal(got, expected)) {
        return;
    }
    char *got_text = bytes_quote(got, 200);
    char *expected_text = bytes_quote(expected, 200);
    ck_abort_msg("%zu bytes %s, expected %zu bytes %s", got.size, got_text, expected.size,
                 expected_text);
}
