#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "suite.h"

struct said {
    int meaning;
    struct payload payload;
    int pid;
};

enum { LIMIT = 1024 };

static struct goridge2_joiner new_joiner(void)
{
    struct goridge2_joiner joiner;
    goridge2_joiner_init(&joiner, LIMIT);
    return joiner;
}

static struct said say(struct goridge2_joiner *joiner, uint8_t flags, const char *payload)
{
    struct said said;
    struct error error = {0};
    /* gone after the call, as a decoder's next one takes it away */
    char *copy = strdup(payload);
    struct goridge2_frame frame = {flags, bytes_of_text(copy)};
    said.meaning = goridge2_understand(joiner, &frame, &said.payload, &said.pid, &error);
    ck_assert_msg(said.meaning >= 0, "%s", error_text(&error));
    if (said.payload.body.size > 0) {
        ck_assert_ptr_eq(said.payload.body.data, copy);
        said.payload.body.data = payload;
    }
    free(copy);
    return said;
}

static void expect_refusal(struct goridge2_joiner *joiner, int status, uint8_t flags,
                           const char *payload, const char *reason)
{
    struct said said;
    struct error error = {0};
    struct goridge2_frame frame = {flags, bytes_of_text(payload)};
    ck_assert_int_eq(goridge2_understand(joiner, &frame, &said.payload, &said.pid, NULL), status);
    ck_assert_int_eq(goridge2_understand(joiner, &frame, &said.payload, &said.pid, &error), status);
    ck_assert_msg(strstr(error_text(&error), reason) != NULL, "\"%s\" is not in: %s", reason,
                  error_text(&error));
    ck_assert_uint_eq(payload_size(&said.payload), 0);
    error_clear(&error);
}

static void expect_reply(struct said said, const char *context, const char *body)
{
    ck_assert_int_eq(said.meaning, GORIDGE2_MEANS_REPLY);
    expect_bytes(said.payload.context, bytes_of_text(context));
    expect_bytes(said.payload.body, bytes_of_text(body));
}

START_TEST(a_reply_is_two_frames)
{
    static const char *const texts[] = {"", "x", "{\"status\":200}"};
    enum { COUNT = sizeof texts / sizeof *texts };
    struct goridge2_joiner joiner = new_joiner();
    for (size_t i = 0; i < (size_t)COUNT * COUNT; i++) {
        const char *context = texts[i / COUNT];
        const char *body = texts[i % COUNT];
        ck_assert(!goridge2_joiner_waits(&joiner));
        struct said said = say(&joiner, 0x14, context);
        ck_assert_int_eq(said.meaning, GORIDGE2_MEANS_NOTHING_YET);
        ck_assert_uint_eq(payload_size(&said.payload), 0);
        ck_assert(goridge2_joiner_waits(&joiner));
        expect_reply(say(&joiner, 0x04, body), context, body);
        /* no context: not the one before */
        say(&joiner, 0x12, "");
        expect_reply(say(&joiner, 0x04, body), "", body);
    }
    goridge2_joiner_free(&joiner);
}
END_TEST

START_TEST(errors_pids_and_stops_come_between_replies)
{
    struct goridge2_joiner joiner = new_joiner();
    struct said said = say(&joiner, 0x10, "{\"pid\":4321}");
    ck_assert_int_eq(said.meaning, GORIDGE2_MEANS_PID);
    ck_assert_int_eq(said.pid, 4321);
    say(&joiner, 0x14, "context");
    say(&joiner, 0x04, "body");
    said = say(&joiner, 0x1c, "boom");
    ck_assert_int_eq(said.meaning, GORIDGE2_MEANS_WORKER_ERROR);
    expect_bytes(said.payload.context, bytes_of_text(""));
    expect_bytes(said.payload.body, bytes_of_text("boom"));
    said = say(&joiner, 0x1c, "");
    ck_assert_int_eq(said.meaning, GORIDGE2_MEANS_WORKER_ERROR);
    ck_assert_int_eq(say(&joiner, 0x10, "{\"stop\":true}").meaning, GORIDGE2_MEANS_STOP);
    goridge2_joiner_free(&joiner);
}
END_TEST

/* The PHP package asks for the end by a reply: {"stop":true} as context, and no body. */
START_TEST(a_worker_s_wish_to_stop_is_a_reply_of_these_bytes)
{
    struct goridge2_joiner joiner = new_joiner();
    say(&joiner, 0x14, "{\"stop\":true}");
    ck_assert_int_eq(say(&joiner, 0x04, "").meaning, GORIDGE2_MEANS_STOP);
    say(&joiner, 0x14, "{\"stop\":true}");
    expect_reply(say(&joiner, 0x04, "body"), "{\"stop\":true}", "body");
    say(&joiner, 0x14, "{\"stop\": true}");
    expect_reply(say(&joiner, 0x04, ""), "{\"stop\": true}", "");
    say(&joiner, 0x12, "");
    expect_reply(say(&joiner, 0x04, "{\"stop\":true}"), "", "{\"stop\":true}");
    goridge2_joiner_free(&joiner);
}
END_TEST

START_TEST(a_wrong_order_is_refused)
{
    static const uint8_t others[] = {0x10, 0x12, 0x14, 0x1c};
    struct goridge2_joiner joiner = new_joiner();
    expect_refusal(&joiner, STATUS_EPROTOCOL, 0x04, "OK", "expected a reply's context");
    expect_refusal(&joiner, STATUS_EPROTOCOL, 0x04, "OK", "but came a body (flags 0x04): \"OK\"");
    for (size_t i = 0; i < sizeof others; i++) {
        char reason[64];
        snprintf(reason, sizeof reason, "but came flags 0x%02x with: \"{}\"", others[i]);
        say(&joiner, 0x14, "context");
        expect_refusal(&joiner, STATUS_EPROTOCOL, others[i], "{}", reason);
        expect_refusal(&joiner, STATUS_EPROTOCOL, others[i], "{}", "expected the body");
        expect_reply(say(&joiner, 0x04, "body"), "context", "body");
        /* one body is enough for a context */
        expect_refusal(&joiner, STATUS_EPROTOCOL, 0x04, "again", "expected a reply's context");
    }
    goridge2_joiner_free(&joiner);
}
END_TEST

START_TEST(flags_that_no_worker_sends_are_refused)
{
    static const uint8_t known[] = {0x04, 0x10, 0x12, 0x14, 0x1c};
    for (unsigned flags = 0; flags < 256; flags++) {
        if (memchr(known, (int)flags, sizeof known) != NULL) {
            continue;
        }
        char reason[64];
        snprintf(reason, sizeof reason, "but came flags 0x%02x with: \"abc\"", flags);
        struct goridge2_joiner joiner = new_joiner();
        expect_refusal(&joiner, STATUS_EPROTOCOL, (uint8_t)flags, "abc", reason);
        say(&joiner, 0x12, "");
        expect_refusal(&joiner, STATUS_EPROTOCOL, (uint8_t)flags, "abc",
                       "expected a worker's frame (flags 0x04, 0x10, 0x12, 0x14 or 0x1c)");
        goridge2_joiner_free(&joiner);
    }
}
END_TEST

START_TEST(control_that_says_nothing_known_is_refused_and_quoted)
{
    static const struct {
        const char *json;
        const char *reason;
    } wrong[] = {
        {"nope", "must hold a JSON object, but came: \"nope\""},
        {"", "must hold a JSON object"},
        {"[]", "must hold a JSON object"},
        {"{\"pid\":1", "must hold a JSON object"},
        {"{}", "must say {\"pid\":N} or {\"stop\":true}, but came: \"{}\""},
        {"{\"stop\":false}", "must say {\"pid\":N}"},
        {"{\"foo\":1}", "must say {\"pid\":N}"},
        {"{\"pid\":0}", "pid is not a process id"},
        {"{\"pid\":2147483648}", "pid is not a process id"},
        {"{\"pid\":\"4\"}", "pid is not a process id"},
    };
    struct goridge2_joiner joiner = new_joiner();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        expect_refusal(&joiner, STATUS_EPROTOCOL, 0x10, wrong[i].json, wrong[i].reason);
    }
    goridge2_joiner_free(&joiner);
}
END_TEST

START_TEST(the_limit_is_of_context_and_body_together)
{
    char text[LIMIT + 1];
    memset(text, 'x', LIMIT);
    text[LIMIT] = '\0';
    struct goridge2_joiner joiner = new_joiner();
    say(&joiner, 0x14, text);
    expect_reply(say(&joiner, 0x04, ""), text, "");
    say(&joiner, 0x14, text);
    expect_refusal(&joiner, STATUS_ETOOBIG, 0x04, "y",
                   "1024 bytes of context and 1 of body came, the limit is 1024");
    expect_refusal(&joiner, STATUS_ETOOBIG, 0x04, "y", "workers.max_payload_size");
    goridge2_joiner_free(&joiner);
    joiner = new_joiner();
    say(&joiner, 0x14, "c");
    expect_refusal(&joiner, STATUS_ETOOBIG, 0x04, text, "1 bytes of context and 1024 of body");
    goridge2_joiner_free(&joiner);
}
END_TEST

START_TEST(contexts_take_no_new_memory_and_large_ones_are_given_back)
{
    enum { LARGE = 4 << 20 };
    char *large = malloc(LARGE + 1);
    memset(large, 'x', LARGE);
    large[LARGE] = '\0';
    struct goridge2_joiner joiner;
    goridge2_joiner_init(&joiner, (size_t)LARGE * 2);
    const void *settled = NULL;
    for (int i = 0; i < 1000; i++) {
        say(&joiner, 0x14, "{\"lastTick\": 0}");
        const void *context = say(&joiner, 0x04, "OK").payload.context.data;
        ck_assert(settled == NULL || context == settled);
        settled = context;
    }
    say(&joiner, 0x14, large);
    expect_reply(say(&joiner, 0x04, "OK"), large, "OK");
    ck_assert_uint_ge(joiner.context.bytes.capacity, LARGE);
    for (int i = 0; i < 20; i++) {
        say(&joiner, 0x12, "");
        say(&joiner, 0x04, "OK");
    }
    ck_assert_uint_lt(joiner.context.bytes.capacity, 1 << 20);
    goridge2_joiner_free(&joiner);
    free(large);
}
END_TEST

TCase *goridge2_meaning_case(void);
TCase *goridge2_meaning_case(void)
{
    TCase *test = tcase_create("goridge2 meaning");
    tcase_add_test(test, a_reply_is_two_frames);
    tcase_add_test(test, errors_pids_and_stops_come_between_replies);
    tcase_add_test(test, a_worker_s_wish_to_stop_is_a_reply_of_these_bytes);
    tcase_add_test(test, a_wrong_order_is_refused);
    tcase_add_test(test, flags_that_no_worker_sends_are_refused);
    tcase_add_test(test, control_that_says_nothing_known_is_refused_and_quoted);
    tcase_add_test(test, the_limit_is_of_context_and_body_together);
    tcase_add_test(test, contexts_take_no_new_memory_and_large_ones_are_given_back);
    return test;
}
