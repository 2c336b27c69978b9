/* Everything that real servers and PHP workers said to each other, through our codec. */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "format.h"
#include "suite.h"
#include "transcript.h"

/* Chunks of odd sizes; the larger ones so that a mebibyte does not take for ever. */
static size_t chunk(size_t n, size_t left)
{
    static const size_t sizes[] = {1, 2, 3, 5, 7, 11, 13, 1, 17, 8191};
    size_t size = sizes[n % (sizeof sizes / sizeof *sizes)];
    return size < left ? size : left;
}

static bool is_wrong_on_purpose(const json_t *scenario)
{
    const char *name = json_string_value(json_object_get(scenario, "name"));
    return strncmp(name, "server_wrong_", strlen("server_wrong_")) == 0 ||
           strcmp(name, "prefix_lengths_differ") == 0;
}

/* All that the server wrote, joined: where its writes were split is not the codec's matter. */
static void replay_server(const struct format *format, const json_t *scenario, struct tally *tally)
{
    struct buffer bytes = {0};
    struct buffer again = {0};
    const json_t *steps = json_object_get(scenario, "steps");
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        if (*json_string_value(json_object_get(step, "dir")) == '>') {
            transcript_append(&bytes, step);
        }
    }
    struct stream stream = stream_start(format, PAYLOAD_SIZE_DEFAULT);
    int status = 0;
    for (size_t at = 0, n = 0; at < bytes.end && status >= 0; n++) {
        size_t size = chunk(n, bytes.end - at);
        stream_feed(&stream, (struct bytes){bytes.data + at, size});
        at += size;
        while ((status = format->next(&stream, NULL)) == 1) {
            format->append_as_server(&stream, &again, tally);
        }
    }
    const char *name = json_string_value(json_object_get(scenario, "name"));
    size_t left = format->rest(&stream).size;
    if (is_wrong_on_purpose(scenario)) {
        ck_assert_msg(status == STATUS_EPROTOCOL, "%s: %d", name, status);
        tally->wrong++;
    } else {
        ck_assert_msg(status == 0, "%s: %d", name, status);
        tally->cut += left > 0 ? 1 : 0;
        ck_assert_uint_eq(again.end + left, bytes.end);
    }
    expect_bytes(buffer_unread(&again), (struct bytes){bytes.data, again.end});
    stream_stop(&stream);
    buffer_free(&bytes);
    buffer_free(&again);
}

static bool begins_a_frame(uint8_t byte)
{
    return byte >= 0x10 && byte < 0x20;
}

static void expect_noise(struct stream *stream, struct bytes noise)
{
    struct error error = {0};
    ck_assert_int_eq(stream->format->next(stream, &error), STATUS_EPROTOCOL);
    /* the words, as far as they are text, must stand in the message */
    size_t text = 0;
    while (text < noise.size && text < 512 &&
           !begins_a_frame(((const uint8_t *)noise.data)[text])) {
        text++;
    }
    ck_assert_uint_gt(text, 0);
    char *quoted = bytes_quote((struct bytes){noise.data, text}, text);
    quoted[strlen(quoted) - 1] = '\0';
    ck_assert_msg(strstr(error_text(&error), quoted) != NULL, "%s is not in: %s", quoted,
                  error_text(&error));
    free(quoted);
    error_clear(&error);
}

/* Feeds one step; returns whether the stream is still one of frames. */
static bool replay_worker_step(struct stream *stream, const json_t *step, struct tally *tally)
{
    const struct format *format = stream->format;
    bool raw = json_is_true(json_object_get(step, "raw"));
    struct buffer bytes = {0};
    struct buffer again = {0};
    int status = 0;
    int frames = 0;
    transcript_append(&bytes, step);
    for (size_t at = 0, n = 0; at < bytes.end; n++) {
        size_t size = chunk(n, bytes.end - at);
        stream_feed(stream, (struct bytes){bytes.data + at, size});
        at += size;
        while ((status = format->next(stream, NULL)) == 1) {
            format->append_frame(stream, &again);
            format->understand(stream, tally);
            frames++;
        }
    }
    expect_bytes(buffer_unread(&again), (struct bytes){bytes.data, again.end});
    if (status == 0) {
        ck_assert(raw || frames == (bytes.end > 0 ? 1 : 0));
        ck_assert_uint_eq(again.end, bytes.end);
    } else {
        ck_assert(raw);
        expect_noise(stream, (struct bytes){bytes.data + again.end, bytes.end - again.end});
        tally->noises++;
    }
    buffer_free(&bytes);
    buffer_free(&again);
    return status == 0;
}

static void replay_worker(const struct format *format, const json_t *scenario, struct tally *tally)
{
    const json_t *steps = json_object_get(scenario, "steps");
    struct stream stream = stream_start(format, PAYLOAD_SIZE_DEFAULT);
    bool frames = true;
    for (size_t i = 0; frames && i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        if (*json_string_value(json_object_get(step, "dir")) == '<') {
            frames = replay_worker_step(&stream, step, tally);
        }
    }
    stream_stop(&stream);
}

static struct tally replay(const struct format *format, const char *name)
{
    struct tally tally = {0};
    json_t *file = transcript_load(name);
    const json_t *scenarios = json_object_get(file, "scenarios");
    for (size_t i = 0; i < json_array_size(scenarios); i++) {
        const json_t *scenario = json_array_get(scenarios, i);
        replay_server(format, scenario, &tally);
        replay_worker(format, scenario, &tally);
        tally.scenarios++;
    }
    json_decref(file);
    return tally;
}

static void expect_tally(struct tally got, struct tally expected)
{
#define EXPECT_EQUAL(member) ck_assert_int_eq(got.member, expected.member)
    EXPECT_EQUAL(scenarios);
    EXPECT_EQUAL(pids);
    EXPECT_EQUAL(stops);
    EXPECT_EQUAL(exec_contexts);
    EXPECT_EQUAL(execs);
    EXPECT_EQUAL(others);
    EXPECT_EQUAL(wrong);
    EXPECT_EQUAL(cut);
    EXPECT_EQUAL(reply_contexts);
    EXPECT_EQUAL(replies);
    EXPECT_EQUAL(errors);
    EXPECT_EQUAL(worker_pids);
    EXPECT_EQUAL(worker_stops);
    EXPECT_EQUAL(noises);
#undef EXPECT_EQUAL
}

START_TEST(workers_of_roadrunner_1)
{
    expect_tally(replay(&format_goridge2, "v1.json"), (struct tally){.scenarios = 94,
                                                                     .pids = 86,
                                                                     .stops = 62,
                                                                     .exec_contexts = 103,
                                                                     .execs = 110,
                                                                     .others = 12,
                                                                     .wrong = 1,
                                                                     .cut = 1,
                                                                     .reply_contexts = 86,
                                                                     .replies = 83,
                                                                     .errors = 3,
                                                                     .worker_pids = 85,
                                                                     .worker_stops = 3,
                                                                     .noises = 14});
}
END_TEST

START_TEST(workers_of_roadrunner_2)
{
    expect_tally(replay(&format_goridge3, "v2.3.json"), (struct tally){.scenarios = 115,
                                                                       .pids = 105,
                                                                       .stops = 71,
                                                                       .execs = 107,
                                                                       .others = 24,
                                                                       .wrong = 3,
                                                                       .cut = 1,
                                                                       .replies = 117,
                                                                       .errors = 4,
                                                                       .worker_pids = 105,
                                                                       .worker_stops = 4,
                                                                       .noises = 10});
}
END_TEST

START_TEST(workers_of_roadrunner_3)
{
    expect_tally(replay(&format_goridge3, "v3.4.json"), (struct tally){.scenarios = 130,
                                                                       .pids = 120,
                                                                       .stops = 87,
                                                                       .execs = 140,
                                                                       .others = 39,
                                                                       .wrong = 3,
                                                                       .cut = 1,
                                                                       .replies = 277,
                                                                       .errors = 4,
                                                                       .worker_pids = 119,
                                                                       .worker_stops = 4,
                                                                       .noises = 10});
}
END_TEST

TCase *replay_case(void);
TCase *replay_case(void)
{
    TCase *test = tcase_create("replay");
    tcase_set_timeout(test, 60);
    tcase_add_test(test, workers_of_roadrunner_1);
    tcase_add_test(test, workers_of_roadrunner_2);
    tcase_add_test(test, workers_of_roadrunner_3);
    return test;
}
