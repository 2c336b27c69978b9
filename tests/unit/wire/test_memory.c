#include <stdlib.h>
#include <string.h>

#include "feed.h"
#include "suite.h"

enum { MEBIBYTE = 1 << 20 };

/* The room asked for once the bytes of a header are there. */
static size_t room_after(struct goridge3_decoder *decoder, const uint8_t *header, size_t size)
{
    size_t room = 0;
    goridge3_decoder_init(decoder, 64 * MEBIBYTE);
    feed(decoder, (struct bytes){header, size});
    ck_assert_ptr_nonnull(goridge3_decoder_space(decoder, &room));
    return room;
}

START_TEST(a_length_is_believed_after_its_crc_alone)
{
    struct goridge3_decoder decoder;
    uint8_t header[GORIDGE3_HEADER_MAX];
    size_t size = goridge3_header(header, 0, 0, (uint32_t[]){0}, 1, 20 * MEBIBYTE);
    ck_assert_uint_lt(room_after(&decoder, header, GORIDGE3_HEADER - 1), 64 * 1024);
    goridge3_decoder_free(&decoder);
    /* the whole rest at once, so that few reads are enough */
    ck_assert_uint_ge(room_after(&decoder, header, GORIDGE3_HEADER), 20 * MEBIBYTE + 4);
    goridge3_decoder_free(&decoder);
    header[7] ^= 1;
    ck_assert_uint_lt(room_after(&decoder, header, size), 64 * 1024);
    goridge3_decoder_free(&decoder);
    /* a right CRC, but above the limit */
    size = goridge3_header(header, 0, 0, (uint32_t[]){0}, 1, UINT32_MAX);
    ck_assert_uint_lt(room_after(&decoder, header, size), 64 * 1024);
    goridge3_decoder_free(&decoder);
}
END_TEST

/* Frames, some of them cut by each read, that make the unread bytes wander through the buffer. */
START_TEST(no_allocation_once_it_has_its_size)
{
    struct goridge3_decoder decoder;
    struct goridge3_frame frame;
    struct buffer stream = {0};
    static char body[6001];
    memset(body, 'b', sizeof body - 1);
    append_payload(&stream, "{\"lastTick\": 0}", body);
    goridge3_decoder_init(&decoder, MEBIBYTE);
    const char *settled = NULL;
    size_t at = 0;
    int frames = 0;
    for (int reads = 0; reads < 20000; reads++) {
        size_t room = 0;
        char *to = goridge3_decoder_space(&decoder, &room);
        size_t take = room < 3989 ? room : 3989;
        for (size_t i = 0; i < take; i++, at++) {
            to[i] = stream.data[at % stream.end];
        }
        goridge3_decoder_wrote(&decoder, take);
        while (goridge3_decoder_next(&decoder, &frame, NULL) == 1) {
            ck_assert_uint_eq(frame.payload.size, 15 + sizeof body - 1);
            frames++;
        }
        if (reads == 1000) {
            settled = decoder.frames.bytes.data;
        }
        ck_assert(reads <= 1000 || decoder.frames.bytes.data == settled);
    }
    ck_assert_int_gt(frames, 10000);
    goridge3_decoder_free(&decoder);
    buffer_free(&stream);
}
END_TEST

START_TEST(a_large_frame_s_memory_is_given_back_later)
{
    struct goridge3_decoder decoder;
    struct goridge3_frame frame;
    struct buffer large = {0};
    struct buffer small = {0};
    char *body = malloc(20 * MEBIBYTE + 1);
    memset(body, 'b', 20 * MEBIBYTE);
    body[20 * MEBIBYTE] = '\0';
    append_payload(&large, "", body);
    append_payload(&small, "", "OK");
    goridge3_decoder_init(&decoder, 64 * MEBIBYTE);
    for (int i = 0; i < 3; i++) {
        feed(&decoder, buffer_unread(&large));
        ck_assert_int_eq(goridge3_decoder_next(&decoder, &frame, NULL), 1);
        expect_bytes(frame.payload, bytes_of_text(body));
    }
    for (int i = 0; i < 20; i++) {
        feed(&decoder, buffer_unread(&small));
        ck_assert_int_eq(goridge3_decoder_next(&decoder, &frame, NULL), 1);
        expect_bytes(frame.payload, bytes_of_text("OK"));
    }
    ck_assert_uint_lt(decoder.frames.bytes.capacity, MEBIBYTE);
    goridge3_decoder_free(&decoder);
    buffer_free(&large);
    buffer_free(&small);
    free(body);
}
END_TEST

TCase *memory_case(void);
TCase *memory_case(void)
{
    TCase *test = tcase_create("memory");
    tcase_set_timeout(test, 60);
    tcase_add_test(test, a_length_is_believed_after_its_crc_alone);
    tcase_add_test(test, no_allocation_once_it_has_its_size);
    tcase_add_test(test, a_large_frame_s_memory_is_given_back_later);
    return test;
}
