#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "format.h"
#include "suite.h"

#define KIBIBYTE ((size_t)1 << 10)
#define MEBIBYTE ((size_t)1 << 20)

/* The room asked for once the bytes of a header are there. */
static size_t room_after(const struct format *format, const uint8_t *header, size_t size)
{
    size_t room = 0;
    struct stream stream = stream_start(format, 64 * MEBIBYTE);
    stream_feed(&stream, (struct bytes){header, size});
    ck_assert_ptr_nonnull(format->space(&stream, &room));
    stream_stop(&stream);
    return room;
}

/* The third format's CRC, the second one's other length: both in front of the payload. */
START_TEST(a_length_is_believed_after_its_proof_alone)
{
    const struct format *format = format_at(_i);
    uint8_t header[GORIDGE3_HEADER_MAX];
    size_t size = format->put_header(header, (uint32_t)(20 * MEBIBYTE));
    for (size_t i = 0; i < size; i++) {
        ck_assert_uint_lt(room_after(format, header, i), 64 * KIBIBYTE);
    }
    /* the whole rest at once, so that few reads are enough */
    ck_assert_uint_ge(room_after(format, header, size), 20 * MEBIBYTE);
    for (size_t i = 2; i < size - 2; i++) {
        header[i] ^= 1;
        ck_assert_uint_lt(room_after(format, header, size), 64 * KIBIBYTE);
        header[i] ^= 1;
    }
    /* right, but above the limit */
    size = format->put_header(header, UINT32_MAX);
    ck_assert_uint_lt(room_after(format, header, size), 64 * KIBIBYTE);
}
END_TEST

/* Where no limit is known: room for what was promised is made as it comes. */
START_TEST(a_length_is_trusted_so_far_and_no_further)
{
    const struct format *format = format_at(_i);
    struct stream stream = stream_start(format, SIZE_MAX / 4);
    struct buffer bytes = {0};
    char *body = calloc(1, 3 * MEBIBYTE);
    stream.decoder2.frames.trust = 256 * KIBIBYTE;
    stream.decoder3.frames.trust = 256 * KIBIBYTE;
    body[3 * MEBIBYTE - 1] = 'z';
    format->append_body(&bytes, (struct bytes){body, 3 * MEBIBYTE});
    struct bytes left = buffer_unread(&bytes);
    size_t came = 0;
    while (left.size > 0) {
        size_t room = 0;
        char *to = format->space(&stream, &room);
        ck_assert_uint_le(room, came < 256 * KIBIBYTE ? 4 * 256 * KIBIBYTE : 4 * came);
        room = room < left.size ? room : left.size;
        memcpy(to, left.data, room);
        format->wrote(&stream, room);
        left.data = (const char *)left.data + room;
        left.size -= room;
        came += room;
        ck_assert_int_eq(format->next(&stream, NULL), left.size == 0);
    }
    ck_assert_uint_eq(format->payload(&stream).size, 3 * MEBIBYTE);
    ck_assert_int_eq(memcmp(format->payload(&stream).data, body, 3 * MEBIBYTE), 0);
    stream_stop(&stream);
    buffer_free(&bytes);
    free(body);
}
END_TEST

/* Frames, some of them cut by each read, that make the unread bytes wander through the buffer. */
START_TEST(no_allocation_once_it_has_its_size)
{
    struct buffer bytes = {0};
    static char body[6000];
    memset(body, 'b', sizeof body);
    const struct format *format = format_at(_i);
    format->append_body(&bytes, (struct bytes){body, sizeof body});
    struct stream stream = stream_start(format, MEBIBYTE);
    const char *settled = NULL;
    size_t at = 0;
    int frames = 0;
    for (int reads = 0; reads < 20000; reads++) {
        size_t room = 0;
        char *to = format->space(&stream, &room);
        size_t take = room < 3989 ? room : 3989;
        for (size_t i = 0; i < take; i++, at++) {
            to[i] = bytes.data[at % bytes.end];
        }
        format->wrote(&stream, take);
        while (format->next(&stream, NULL) == 1) {
            ck_assert_uint_eq(format->payload(&stream).size, sizeof body);
            frames++;
        }
        if (reads == 1000) {
            settled = format->buffer(&stream)->data;
        }
        ck_assert(reads <= 1000 || format->buffer(&stream)->data == settled);
    }
    ck_assert_int_gt(frames, 10000);
    stream_stop(&stream);
    buffer_free(&bytes);
}
END_TEST

START_TEST(a_large_frame_s_memory_is_given_back_later)
{
    struct buffer large = {0};
    struct buffer small = {0};
    const struct format *format = format_at(_i);
    struct bytes body = {malloc(20 * MEBIBYTE), 20 * MEBIBYTE};
    memset((void *)body.data, 'b', body.size);
    format->append_body(&large, body);
    format->append_body(&small, bytes_of_text("OK"));
    struct stream stream = stream_start(format, 64 * MEBIBYTE);
    for (int i = 0; i < 3; i++) {
        stream_feed(&stream, buffer_unread(&large));
        ck_assert_int_eq(format->next(&stream, NULL), 1);
        expect_bytes(format->payload(&stream), body);
    }
    for (int i = 0; i < 20; i++) {
        stream_feed(&stream, buffer_unread(&small));
        ck_assert_int_eq(format->next(&stream, NULL), 1);
        expect_bytes(format->payload(&stream), bytes_of_text("OK"));
    }
    ck_assert_uint_lt(format->buffer(&stream)->capacity, MEBIBYTE);
    stream_stop(&stream);
    buffer_free(&large);
    buffer_free(&small);
    free((void *)body.data);
}
END_TEST

TCase *memory_case(void);
TCase *memory_case(void)
{
    TCase *test = tcase_create("memory");
    tcase_set_timeout(test, 60);
    tcase_add_loop_test(test, a_length_is_believed_after_its_proof_alone, 0, FORMATS);
    tcase_add_loop_test(test, a_length_is_trusted_so_far_and_no_further, 0, FORMATS);
    tcase_add_loop_test(test, no_allocation_once_it_has_its_size, 0, FORMATS);
    tcase_add_loop_test(test, a_large_frame_s_memory_is_given_back_later, 0, FORMATS);
    return test;
}
