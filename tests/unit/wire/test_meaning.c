#include <string.h>

#include "bytes.h"
#include "suite.h"

struct said {
    int meaning;
    struct payload payload;
    bool more;
    int pid;
};

static struct said understand(const struct goridge3_frame *frame)
{
    struct said said;
    struct error error = {0};
    said.meaning = goridge3_understand(frame, &said.payload, &said.more, &said.pid, &error);
    ck_assert_msg(said.meaning >= 0, "%s", error_text(&error));
    return said;
}

static void expect_refusal(const struct goridge3_frame *frame, const char *reason)
{
    struct said said;
    struct error error = {0};
    ck_assert_int_eq(goridge3_understand(frame, &said.payload, &said.more, &said.pid, &error),
                     STATUS_EPROTOCOL);
    ck_assert_msg(strstr(error_text(&error), reason) != NULL, "\"%s\" is not in: %s", reason,
                  error_text(&error));
    error_clear(&error);
    ck_assert_int_eq(goridge3_understand(frame, &said.payload, &said.more, &said.pid, NULL),
                     STATUS_EPROTOCOL);
}

static struct goridge3_frame reply(uint32_t context, const char *payload)
{
    return (struct goridge3_frame){
        .option_count = 1, .options = {context}, .payload = bytes_of_text(payload)};
}

static struct goridge3_frame control(const char *json)
{
    return (struct goridge3_frame){.flags = GORIDGE3_CONTROL, .payload = bytes_of_text(json)};
}

START_TEST(a_reply_is_context_then_body)
{
    struct goridge3_frame frame = reply(3, "ctxbody");
    struct said said = understand(&frame);
    ck_assert_int_eq(said.meaning, GORIDGE3_MEANS_REPLY);
    ck_assert(!said.more);
    expect_bytes(said.payload.context, bytes_of_text("ctx"));
    expect_bytes(said.payload.body, bytes_of_text("body"));
    frame = reply(7, "ctxbody");
    said = understand(&frame);
    expect_bytes(said.payload.context, bytes_of_text("ctxbody"));
    expect_bytes(said.payload.body, bytes_of_text(""));
    frame = reply(0, "");
    said = understand(&frame);
    ck_assert_int_eq(said.meaning, GORIDGE3_MEANS_REPLY);
    ck_assert_uint_eq(payload_size(&said.payload), 0);
}
END_TEST

START_TEST(more_follows_by_its_bit_alone)
{
    struct goridge3_frame frame = reply(0, "ab");
    for (unsigned bits = 0; bits < 8; bits++) {
        frame.stream = (uint8_t)((bits & 1 ? GORIDGE3_STREAM : 0) | (bits & 2 ? GORIDGE3_PING : 0));
        ck_assert_int_eq(understand(&frame).more, (bits & 1) != 0);
    }
}
END_TEST

START_TEST(an_error_needs_no_option)
{
    struct goridge3_frame frame = {.flags = GORIDGE3_ERROR, .payload = bytes_of_text("boom")};
    struct said said = understand(&frame);
    ck_assert_int_eq(said.meaning, GORIDGE3_MEANS_WORKER_ERROR);
    expect_bytes(said.payload.body, bytes_of_text("boom"));
    frame.payload = bytes_of_text("");
    ck_assert_int_eq(understand(&frame).meaning, GORIDGE3_MEANS_WORKER_ERROR);
}
END_TEST

START_TEST(control_says_pid_or_stop)
{
    struct goridge3_frame frame = control("{\"pid\":4321}");
    struct said said = understand(&frame);
    ck_assert_int_eq(said.meaning, GORIDGE3_MEANS_PID);
    ck_assert_int_eq(said.pid, 4321);
    frame = control(" { \"x\": [], \"pid\" : 7 } ");
    ck_assert_int_eq(understand(&frame).pid, 7);
    frame = control("{\"stop\":true}");
    ck_assert_int_eq(understand(&frame).meaning, GORIDGE3_MEANS_STOP);
}
END_TEST

/* The PHP packages ask for the end by a reply: {"stop":true} as context, and no body. */
START_TEST(a_worker_s_wish_to_stop_is_a_reply_of_these_bytes)
{
    struct goridge3_frame frame = reply(13, "{\"stop\":true}");
    ck_assert_int_eq(understand(&frame).meaning, GORIDGE3_MEANS_STOP);
    frame = reply(13, "{\"stop\":true}body");
    ck_assert_int_eq(understand(&frame).meaning, GORIDGE3_MEANS_REPLY);
    frame = reply(14, "{\"stop\": true}");
    ck_assert_int_eq(understand(&frame).meaning, GORIDGE3_MEANS_REPLY);
    frame = reply(0, "{\"stop\":true}");
    ck_assert_int_eq(understand(&frame).meaning, GORIDGE3_MEANS_REPLY);
}
END_TEST

START_TEST(control_that_says_nothing_known_is_refused_and_quoted)
{
    static const char *const wrong[] = {"nope", "1", "[]", "", "{\"pid\":1", "{}x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct goridge3_frame frame = control(wrong[i]);
        expect_refusal(&frame, "must hold a JSON object");
    }
    static const char *const unknown[] = {"{}", "{\"foo\":1}", "{\"stop\":false}", "{\"stop\":1}"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        struct goridge3_frame frame = control(unknown[i]);
        expect_refusal(&frame, "must say {\"pid\":N} or {\"stop\":true}");
    }
    static const char *const pids[] = {"{\"pid\":0}",     "{\"pid\":-1}",   "{\"pid\":2147483648}",
                                       "{\"pid\":\"4\"}", "{\"pid\":null}", "{\"pid\":1.5}"};
    for (size_t i = 0; i < sizeof pids / sizeof *pids; i++) {
        struct goridge3_frame frame = control(pids[i]);
        expect_refusal(&frame, "pid is not a process id");
        expect_refusal(&frame, "\"{\\\"pid\\\":");
    }
    struct goridge3_frame frame = control("nope");
    expect_refusal(&frame, "\"nope\"");
}
END_TEST

START_TEST(lengths_options_and_flags_are_checked)
{
    struct goridge3_frame frame = reply(3, "ab");
    expect_refusal(&frame, "context of 3 bytes does not fit in its 2 bytes");
    frame = reply(UINT32_MAX, "ab");
    expect_refusal(&frame, "context of 4294967295 bytes");
    frame = reply(0, "ab");
    frame.option_count = 0;
    expect_refusal(&frame, "came 0 options");
    frame.option_count = 2;
    expect_refusal(&frame, "came 2 options");
    frame = reply(0, "ab");
    frame.flags = 0x02;
    expect_refusal(&frame, "flag 0x02");
    frame = reply(0, "ab");
    frame.stream = GORIDGE3_STREAM | GORIDGE3_STOP;
    expect_refusal(&frame, "byte 10 is 0x03");
    frame.stream = GORIDGE3_PONG;
    expect_refusal(&frame, "STOP or PONG");
}
END_TEST

TCase *meaning_case(void);
TCase *meaning_case(void)
{
    TCase *test = tcase_create("meaning");
    tcase_add_test(test, a_reply_is_context_then_body);
    tcase_add_test(test, more_follows_by_its_bit_alone);
    tcase_add_test(test, an_error_needs_no_option);
    tcase_add_test(test, control_says_pid_or_stop);
    tcase_add_test(test, a_worker_s_wish_to_stop_is_a_reply_of_these_bytes);
    tcase_add_test(test, control_that_says_nothing_known_is_refused_and_quoted);
    tcase_add_test(test, lengths_options_and_flags_are_checked);
    return test;
}
