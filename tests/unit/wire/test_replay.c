/* Everything that real servers and PHP workers said to each other, through our codec. */
#include <stdlib.h>
#include <string.h>

#include "feed.h"
#include "suite.h"
#include "transcript.h"

struct tally {
    int scenarios;
    int pids; /* server frames, written again by the functions that the server uses */
    int stops;
    int execs;
    int others;  /* server frames that we never send, written again by goridge3_header */
    int wrong;   /* server frames that are broken on purpose */
    int cut;     /* server streams that end within a frame */
    int replies; /* worker frames, by meaning */
    int errors;
    int worker_pids;
    int worker_stops;
    int noises; /* worker streams with something that is not a frame */
};

/* Chunks of odd sizes; the larger ones so that a mebibyte does not take for ever. */
static size_t chunk(size_t n, size_t left)
{
    static const size_t sizes[] = {1, 2, 3, 5, 7, 11, 13, 1, 17, 8191};
    size_t size = sizes[n % (sizeof sizes / sizeof *sizes)];
    return size < left ? size : left;
}

static void encode_again(struct buffer *to, const struct goridge3_frame *frame, struct tally *tally)
{
    bool control = frame->flags == (GORIDGE3_CONTROL | GORIDGE3_JSON) && frame->option_count == 0;
    if (control && bytes_equal(frame->payload, bytes_of_text("{\"pid\":1234}"))) {
        ck_assert_int_eq(goridge3_append_pid(to, 1234), STATUS_OK);
        tally->pids++;
    } else if (control && bytes_equal(frame->payload, bytes_of_text("{\"stop\":true}"))) {
        ck_assert_int_eq(goridge3_append_stop(to), STATUS_OK);
        tally->stops++;
    } else if (frame->flags == 0 && frame->stream == 0 && frame->option_count == 1 &&
               frame->options[0] <= frame->payload.size) {
        size_t context = frame->options[0];
        const char *data = frame->payload.data;
        struct payload payload = {{data, context}, {data + context, frame->payload.size - context}};
        uint8_t header[GORIDGE3_HEADER_MAX];
        size_t size = goridge3_payload_header(header, &payload);
        ck_assert_int_eq(buffer_append(to, (struct bytes){header, size}), STATUS_OK);
        ck_assert_int_eq(buffer_append(to, payload.context), STATUS_OK);
        ck_assert_int_eq(buffer_append(to, payload.body), STATUS_OK);
        tally->execs++;
    } else {
        append_frame(to, frame);
        tally->others++;
    }
}

/* All that the server wrote, joined: where its writes were split is not the codec's matter. */
static void replay_server(const json_t *scenario, struct tally *tally)
{
    struct buffer stream = {0};
    struct buffer again = {0};
    struct goridge3_decoder decoder;
    struct goridge3_frame frame;
    const json_t *steps = json_object_get(scenario, "steps");
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        if (*json_string_value(json_object_get(step, "dir")) == '>') {
            transcript_append(&stream, step);
        }
    }
    goridge3_decoder_init(&decoder, PAYLOAD_SIZE_DEFAULT);
    int status = 0;
    for (size_t at = 0, n = 0; at < stream.end && status >= 0; n++) {
        size_t size = chunk(n, stream.end - at);
        feed(&decoder, (struct bytes){stream.data + at, size});
        at += size;
        while ((status = goridge3_decoder_next(&decoder, &frame, NULL)) == 1) {
            encode_again(&again, &frame, tally);
        }
    }
    const char *name = json_string_value(json_object_get(scenario, "name"));
    size_t left = goridge3_decoder_rest(&decoder).size;
    if (strncmp(name, "server_wrong_", strlen("server_wrong_")) == 0) {
        ck_assert_msg(status == STATUS_EPROTOCOL, "%s: %d", name, status);
        tally->wrong++;
    } else {
        ck_assert_msg(status == 0, "%s: %d", name, status);
        tally->cut += left > 0 ? 1 : 0;
        ck_assert_uint_eq(again.end + left, stream.end);
    }
    expect_bytes(buffer_unread(&again), (struct bytes){stream.data, again.end});
    goridge3_decoder_free(&decoder);
    buffer_free(&stream);
    buffer_free(&again);
}

static void understand(const struct goridge3_frame *frame, struct tally *tally)
{
    struct payload payload;
    struct error error = {0};
    bool more = false;
    int pid = 0;
    switch (goridge3_understand(frame, &payload, &more, &pid, &error)) {
    case GORIDGE3_MEANS_REPLY:
        ck_assert_int_eq(more, frame->stream & 1);
        ck_assert_uint_eq(payload.context.size, frame->options[0]);
        ck_assert_uint_eq(payload_size(&payload), frame->payload.size);
        tally->replies++;
        break;
    case GORIDGE3_MEANS_WORKER_ERROR:
        expect_bytes(payload.body, frame->payload);
        tally->errors++;
        break;
    case GORIDGE3_MEANS_PID:
        ck_assert_int_eq(pid, 4321);
        tally->worker_pids++;
        break;
    case GORIDGE3_MEANS_STOP:
        tally->worker_stops++;
        break;
    default:
        ck_abort_msg("not understood: %s", error_text(&error));
    }
}

static void expect_noise(struct goridge3_decoder *decoder, struct bytes raw)
{
    struct goridge3_frame frame;
    struct error error = {0};
    ck_assert_int_eq(goridge3_decoder_next(decoder, &frame, &error), STATUS_EPROTOCOL);
    /* the words, as far as they are text, must stand in the message */
    size_t text = 0;
    while (text < raw.size && text < 512 && ((const uint8_t *)raw.data)[text] != 0x14) {
        text++;
    }
    char *quoted = bytes_quote((struct bytes){raw.data, text}, text);
    quoted[strlen(quoted) - 1] = '\0';
    ck_assert_msg(strstr(error_text(&error), quoted) != NULL, "%s is not in: %s", quoted,
                  error_text(&error));
    free(quoted);
    error_clear(&error);
}

/* Feeds one step; returns whether the stream is still one of frames. */
static bool replay_worker_step(struct goridge3_decoder *decoder, const json_t *step,
                               struct tally *tally)
{
    struct buffer bytes = {0};
    struct buffer again = {0};
    struct goridge3_frame frame;
    int status = 0;
    int frames = 0;
    transcript_append(&bytes, step);
    for (size_t at = 0, n = 0; at < bytes.end; n++) {
        size_t size = chunk(n, bytes.end - at);
        feed(decoder, (struct bytes){bytes.data + at, size});
        at += size;
        while ((status = goridge3_decoder_next(decoder, &frame, NULL)) == 1) {
            append_frame(&again, &frame);
            understand(&frame, tally);
            frames++;
        }
    }
    if (status == 0) {
        ck_assert_int_eq(frames, bytes.end > 0 ? 1 : 0);
        expect_bytes(buffer_unread(&again), buffer_unread(&bytes));
    } else {
        ck_assert(json_is_true(json_object_get(step, "raw")));
        expect_noise(decoder, buffer_unread(&bytes));
        tally->noises++;
    }
    buffer_free(&bytes);
    buffer_free(&again);
    return status == 0;
}

static void replay_worker(const json_t *scenario, struct tally *tally)
{
    struct goridge3_decoder decoder;
    const json_t *steps = json_object_get(scenario, "steps");
    goridge3_decoder_init(&decoder, PAYLOAD_SIZE_DEFAULT);
    bool frames = true;
    for (size_t i = 0; frames && i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        if (*json_string_value(json_object_get(step, "dir")) == '<') {
            frames = replay_worker_step(&decoder, step, tally);
        }
    }
    goridge3_decoder_free(&decoder);
}

static struct tally replay(const char *name)
{
    struct tally tally = {0};
    json_t *file = transcript_load(name);
    const json_t *scenarios = json_object_get(file, "scenarios");
    for (size_t i = 0; i < json_array_size(scenarios); i++) {
        const json_t *scenario = json_array_get(scenarios, i);
        replay_server(scenario, &tally);
        replay_worker(scenario, &tally);
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
    EXPECT_EQUAL(execs);
    EXPECT_EQUAL(others);
    EXPECT_EQUAL(wrong);
    EXPECT_EQUAL(cut);
    EXPECT_EQUAL(replies);
    EXPECT_EQUAL(errors);
    EXPECT_EQUAL(worker_pids);
    EXPECT_EQUAL(worker_stops);
    EXPECT_EQUAL(noises);
#undef EXPECT_EQUAL
}

START_TEST(workers_of_roadrunner_2)
{
    expect_tally(replay("v2.3.json"), (struct tally){.scenarios = 115,
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
    expect_tally(replay("v3.4.json"), (struct tally){.scenarios = 130,
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
    tcase_add_test(test, workers_of_roadrunner_2);
    tcase_add_test(test, workers_of_roadrunner_3);
    return test;
}
