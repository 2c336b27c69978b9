#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "format.h"
#include "suite.h"

/* Takes what is whole and writes it down again. */
static size_t take_frames(struct stream *stream, struct buffer *again)
{
    size_t frames = 0;
    struct error error = {0};
    int status = stream->format->next(stream, &error);
    while (status == 1) {
        stream->format->append_frame(stream, again);
        frames++;
        status = stream->format->next(stream, &error);
    }
    ck_assert_msg(status == 0, "status %d: %s", status, error_text(&error));
    return frames;
}

static size_t feed_and_take(struct stream *stream, struct bytes bytes, struct buffer *again)
{
    stream_feed(stream, bytes);
    return take_frames(stream, again);
}

static struct bytes part(const struct buffer *buffer, size_t from, size_t to)
{
    return (struct bytes){buffer->data + from, to - from};
}

START_TEST(byte_by_byte)
{
    struct buffer bytes = {0};
    struct buffer again = {0};
    const struct format *format = format_at(_i);
    size_t examples = format->append_examples(&bytes);
    struct stream stream = stream_start(format, 1024);
    size_t frames = 0;
    for (size_t i = 0; i < bytes.end; i++) {
        frames += feed_and_take(&stream, part(&bytes, i, i + 1), &again);
    }
    ck_assert_uint_eq(frames, examples);
    expect_bytes(buffer_unread(&again), buffer_unread(&bytes));
    stream_stop(&stream);
    buffer_free(&bytes);
    buffer_free(&again);
}
END_TEST

START_TEST(at_every_two_splits)
{
    struct buffer bytes = {0};
    struct buffer again = {0};
    const struct format *format = format_at(_i);
    size_t examples = format->append_examples(&bytes);
    for (size_t first = 0; first <= bytes.end; first++) {
        for (size_t second = first; second <= bytes.end; second++) {
            struct stream stream = stream_start(format, 1024);
            buffer_reset(&again);
            size_t frames = feed_and_take(&stream, part(&bytes, 0, first), &again);
            frames += feed_and_take(&stream, part(&bytes, first, second), &again);
            frames += feed_and_take(&stream, part(&bytes, second, bytes.end), &again);
            ck_assert_uint_eq(frames, examples);
            expect_bytes(buffer_unread(&again), buffer_unread(&bytes));
            ck_assert_uint_eq(format->rest(&stream).size, 0);
            stream_stop(&stream);
        }
    }
    buffer_free(&bytes);
    buffer_free(&again);
}
END_TEST

START_TEST(at_random_splits_with_frames_of_random_sizes)
{
    unsigned seed = 20261124;
    struct buffer bytes = {0};
    struct buffer again = {0};
    const struct format *format = format_at(_i);
    static char body[30000];
    memset(body, 'x', sizeof body);
    size_t sent = 0;
    for (; sent < 500; sent++) {
        size_t size = (size_t)rand_r(&seed) % (sent % 7 == 0 ? sizeof body : 300);
        format->append_body(&bytes, (struct bytes){body, size});
    }
    struct stream stream = stream_start(format, sizeof body);
    size_t frames = 0;
    size_t at = 0;
    while (at < bytes.end) {
        size_t left = bytes.end - at;
        size_t take = 1 + (size_t)rand_r(&seed) % 9000;
        take = take < left ? take : left;
        frames += feed_and_take(&stream, part(&bytes, at, at + take), &again);
        at += take;
    }
    ck_assert_uint_eq(frames, sent);
    expect_bytes(buffer_unread(&again), buffer_unread(&bytes));
    stream_stop(&stream);
    buffer_free(&bytes);
    buffer_free(&again);
}
END_TEST

START_TEST(what_is_not_whole_can_be_read)
{
    struct buffer bytes = {0};
    const struct format *format = format_at(_i);
    struct stream stream = stream_start(format, 1024);
    format->append_body(&bytes, bytes_of_text("first"));
    size_t first = bytes.end;
    format->append_body(&bytes, bytes_of_text("second"));
    ck_assert_uint_eq(format->rest(&stream).size, 0);
    stream_feed(&stream, part(&bytes, 0, bytes.end - 1));
    ck_assert_int_eq(format->next(&stream, NULL), 1);
    /* the frame that was given out does not belong to it */
    expect_bytes(format->rest(&stream), part(&bytes, first, bytes.end - 1));
    expect_bytes(format->payload(&stream), bytes_of_text("first"));
    ck_assert_int_eq(format->next(&stream, NULL), 0);
    expect_bytes(format->rest(&stream), part(&bytes, first, bytes.end - 1));
    stream_stop(&stream);
    buffer_free(&bytes);
}
END_TEST

START_TEST(the_limit_is_the_payload_s)
{
    struct buffer bytes = {0};
    struct error error = {0};
    const struct format *format = format_at(_i);
    format->append_body(&bytes, bytes_of_text("123456789"));
    struct stream stream = stream_start(format, 9);
    stream_feed(&stream, buffer_unread(&bytes));
    ck_assert_int_eq(format->next(&stream, &error), 1);
    stream_stop(&stream);
    stream = stream_start(format, 8);
    stream_feed(&stream, part(&bytes, 0, format->header));
    char *quoted = bytes_quote(part(&bytes, 0, format->header), 80);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(format->next(&stream, &error), STATUS_ETOOBIG);
        ck_assert_ptr_nonnull(
            strstr(error_text(&error), "a frame of 9 bytes came, the limit is 8"));
        ck_assert_ptr_nonnull(strstr(error_text(&error), "workers.max_payload_size"));
        ck_assert_ptr_nonnull(strstr(error_text(&error), quoted));
    }
    ck_assert_int_eq(format->next(&stream, NULL), STATUS_ETOOBIG);
    free(quoted);
    error_clear(&error);
    stream_stop(&stream);
    buffer_free(&bytes);
}
END_TEST

/* 64 bits are stated: no sum of them may wrap around, whatever the limit. */
START_TEST(the_second_format_s_largest_lengths)
{
    static const uint64_t sizes[] = {UINT64_MAX, UINT64_MAX - 16, UINT64_MAX - 17, UINT64_MAX / 2};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t room = 0;
        struct error error = {0};
        uint8_t header[GORIDGE2_HEADER];
        goridge2_header(header, GORIDGE2_RAW, sizes[i]);
        struct stream stream = stream_start(&format_goridge2, 1024);
        stream_feed(&stream, (struct bytes){header, sizeof header});
        ck_assert_int_eq(format_goridge2.next(&stream, &error), STATUS_ETOOBIG);
        stream_stop(&stream);
        stream = stream_start(&format_goridge2, SIZE_MAX);
        stream_feed(&stream, (struct bytes){header, sizeof header});
        int status = format_goridge2.next(&stream, NULL);
        ck_assert(status == STATUS_ETOOBIG || status == 0);
        /* allowed, it is no allocation that succeeds */
        ck_assert(status != 0 || format_goridge2.space(&stream, &room) == NULL);
        stream_stop(&stream);
        error_clear(&error);
    }
}
END_TEST

TCase *decode_case(void);
TCase *decode_case(void)
{
    TCase *test = tcase_create("decode");
    tcase_set_timeout(test, 60);
    tcase_add_loop_test(test, byte_by_byte, 0, FORMATS);
    tcase_add_loop_test(test, at_every_two_splits, 0, FORMATS);
    tcase_add_loop_test(test, at_random_splits_with_frames_of_random_sizes, 0, FORMATS);
    tcase_add_loop_test(test, what_is_not_whole_can_be_read, 0, FORMATS);
    tcase_add_loop_test(test, the_limit_is_the_payload_s, 0, FORMATS);
    tcase_add_test(test, the_second_format_s_largest_lengths);
    return test;
}
