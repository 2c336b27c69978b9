#include <stdlib.h>
#include <string.h>

#include "feed.h"
#include "suite.h"

/* Frames of every shape, empty ones too, behind one another. */
static void append_stream(struct buffer *to)
{
    ck_assert_int_eq(goridge3_append_pid(to, 4321), STATUS_OK);
    append_payload(to, "{\"n\":1}", "hello");
    append_payload(to, "", "");
    append_payload(to, "context alone", "");
    struct goridge3_frame full = {
        .flags = GORIDGE3_PROTO | GORIDGE3_RAW,
        .stream = GORIDGE3_STREAM | GORIDGE3_PING,
        .option_count = 10,
        .options = {1, 2, 3, 4, 5, 6, 7, 8, 9, UINT32_MAX},
        .payload = {"\0\x13\x14\xff", 4},
    };
    append_frame(to, &full);
    struct goridge3_frame bare = {.flags = GORIDGE3_ERROR};
    append_frame(to, &bare);
    ck_assert_int_eq(goridge3_append_stop(to), STATUS_OK);
}

enum { STREAM_FRAMES = 7 };

/* Takes what is whole and writes it down again. */
static size_t take_frames(struct goridge3_decoder *decoder, struct buffer *again)
{
    size_t frames = 0;
    struct goridge3_frame frame;
    struct error error = {0};
    int status = goridge3_decoder_next(decoder, &frame, &error);
    while (status == 1) {
        append_frame(again, &frame);
        frames++;
        status = goridge3_decoder_next(decoder, &frame, &error);
    }
    ck_assert_msg(status == 0, "status %d: %s", status, error_text(&error));
    return frames;
}

static size_t feed_and_take(struct goridge3_decoder *decoder, struct bytes bytes,
                            struct buffer *again)
{
    feed(decoder, bytes);
    return take_frames(decoder, again);
}

static struct bytes part(const struct buffer *buffer, size_t from, size_t to)
{
    return (struct bytes){buffer->data + from, to - from};
}

START_TEST(byte_by_byte)
{
    struct buffer stream = {0};
    struct buffer again = {0};
    struct goridge3_decoder decoder;
    append_stream(&stream);
    goridge3_decoder_init(&decoder, 1024);
    size_t frames = 0;
    for (size_t i = 0; i < stream.end; i++) {
        frames += feed_and_take(&decoder, part(&stream, i, i + 1), &again);
    }
    ck_assert_uint_eq(frames, STREAM_FRAMES);
    expect_bytes(buffer_unread(&again), buffer_unread(&stream));
    goridge3_decoder_free(&decoder);
    buffer_free(&stream);
    buffer_free(&again);
}
END_TEST

START_TEST(at_every_two_splits)
{
    struct buffer stream = {0};
    struct buffer again = {0};
    append_stream(&stream);
    for (size_t first = 0; first <= stream.end; first++) {
        for (size_t second = first; second <= stream.end; second++) {
            struct goridge3_decoder decoder;
            goridge3_decoder_init(&decoder, 1024);
            buffer_reset(&again);
            size_t frames = feed_and_take(&decoder, part(&stream, 0, first), &again);
            frames += feed_and_take(&decoder, part(&stream, first, second), &again);
            frames += feed_and_take(&decoder, part(&stream, second, stream.end), &again);
            ck_assert_uint_eq(frames, STREAM_FRAMES);
            expect_bytes(buffer_unread(&again), buffer_unread(&stream));
            ck_assert_uint_eq(goridge3_decoder_rest(&decoder).size, 0);
            goridge3_decoder_free(&decoder);
        }
    }
    buffer_free(&stream);
    buffer_free(&again);
}
END_TEST

START_TEST(at_random_splits_with_frames_of_random_sizes)
{
    unsigned seed = 20261124;
    struct buffer stream = {0};
    struct buffer again = {0};
    char *body = malloc(30001);
    memset(body, 'x', 30000);
    size_t sent = 0;
    for (; sent < 500; sent++) {
        size_t size = (size_t)rand_r(&seed) % (sent % 7 == 0 ? 30000 : 300);
        body[size] = '\0';
        append_payload(&stream, "{}", body);
        body[size] = 'x';
    }
    struct goridge3_decoder decoder;
    goridge3_decoder_init(&decoder, 30002);
    size_t frames = 0;
    size_t at = 0;
    while (at < stream.end) {
        size_t left = stream.end - at;
        size_t take = 1 + (size_t)rand_r(&seed) % 9000;
        take = take < left ? take : left;
        frames += feed_and_take(&decoder, part(&stream, at, at + take), &again);
        at += take;
    }
    ck_assert_uint_eq(frames, sent);
    expect_bytes(buffer_unread(&again), buffer_unread(&stream));
    goridge3_decoder_free(&decoder);
    buffer_free(&stream);
    buffer_free(&again);
    free(body);
}
END_TEST

START_TEST(what_is_not_whole_can_be_read)
{
    struct buffer stream = {0};
    struct goridge3_decoder decoder;
    struct goridge3_frame frame;
    append_payload(&stream, "", "first");
    append_payload(&stream, "", "second");
    goridge3_decoder_init(&decoder, 1024);
    ck_assert_uint_eq(goridge3_decoder_rest(&decoder).size, 0);
    feed(&decoder, part(&stream, 0, stream.end - 1));
    ck_assert_int_eq(goridge3_decoder_next(&decoder, &frame, NULL), 1);
    /* the frame that was given out does not belong to it */
    expect_bytes(goridge3_decoder_rest(&decoder), part(&stream, 21, stream.end - 1));
    expect_bytes(frame.payload, bytes_of_text("first"));
    ck_assert_int_eq(goridge3_decoder_next(&decoder, &frame, NULL), 0);
    expect_bytes(goridge3_decoder_rest(&decoder), part(&stream, 21, stream.end - 1));
    goridge3_decoder_free(&decoder);
    buffer_free(&stream);
}
END_TEST

START_TEST(the_limit_is_the_payload_s)
{
    struct buffer stream = {0};
    struct goridge3_decoder decoder;
    struct goridge3_frame frame;
    struct error error = {0};
    append_payload(&stream, "1234", "56789");
    goridge3_decoder_init(&decoder, 9);
    feed(&decoder, buffer_unread(&stream));
    ck_assert_int_eq(goridge3_decoder_next(&decoder, &frame, &error), 1);
    goridge3_decoder_free(&decoder);
    goridge3_decoder_init(&decoder, 8);
    feed(&decoder, part(&stream, 0, GORIDGE3_HEADER));
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(goridge3_decoder_next(&decoder, &frame, &error), STATUS_ETOOBIG);
        ck_assert_ptr_nonnull(
            strstr(error_text(&error), "a frame of 9 bytes came, the limit is 8"));
        ck_assert_ptr_nonnull(strstr(error_text(&error), "workers.max_payload_size"));
        ck_assert_ptr_nonnull(strstr(error_text(&error), "\"\\x14\\x00\\t\\x00"));
    }
    ck_assert_int_eq(goridge3_decoder_next(&decoder, &frame, NULL), STATUS_ETOOBIG);
    error_clear(&error);
    goridge3_decoder_free(&decoder);
    buffer_free(&stream);
}
END_TEST

TCase *decode_case(void);
TCase *decode_case(void)
{
    TCase *test = tcase_create("decode");
    tcase_set_timeout(test, 60);
    tcase_add_test(test, byte_by_byte);
    tcase_add_test(test, at_every_two_splits);
    tcase_add_test(test, at_random_splits_with_frames_of_random_sizes);
    tcase_add_test(test, what_is_not_whole_can_be_read);
    tcase_add_test(test, the_limit_is_the_payload_s);
    return test;
}
