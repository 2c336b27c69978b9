#include <string.h>

#include "reply_joiner.h"
#include "suite.h"

enum { LIMIT = 10 };

static struct reply_joiner joiner;
static struct payload payload;

static void setup(void)
{
    reply_joiner_init(&joiner, LIMIT);
}

static void teardown(void)
{
    reply_joiner_free(&joiner);
}

static int add(const char *context, const char *body, bool more)
{
    payload = (struct payload){bytes_of_text(context), bytes_of_text(body)};
    return reply_joiner_add(&joiner, &payload, more, NULL);
}

static void expect(const char *context, const char *body)
{
    ck_assert(bytes_equal(payload.context, bytes_of_text(context)));
    ck_assert(bytes_equal(payload.body, bytes_of_text(body)));
}

START_TEST(one_chunk_is_not_copied)
{
    static const char body[] = "hello";
    ck_assert_int_eq(add("ctx", body, false), STATUS_OK);
    ck_assert_ptr_eq(payload.body.data, body);
    expect("ctx", body);
    reply_joiner_reset(&joiner);
}
END_TEST

START_TEST(chunks_are_joined_in_order_and_apart_from_the_next_reply)
{
    for (int times = 0; times < 2; times++) {
        ck_assert_int_eq(add(NULL, "a", true), STATUS_OK);
        ck_assert_int_eq(add("first", "", true), STATUS_OK);
        ck_assert_int_eq(add("x", "b", true), STATUS_OK);
        ck_assert_int_eq(add(NULL, "cd", false), STATUS_OK);
        expect("first", "abcd");
        reply_joiner_reset(&joiner);
    }
    ck_assert_int_eq(add("ctx", "alone", false), STATUS_OK);
    expect("ctx", "alone");
}
END_TEST

START_TEST(empty_chunks_make_an_empty_reply)
{
    ck_assert_int_eq(add(NULL, NULL, true), STATUS_OK);
    ck_assert_int_eq(add(NULL, NULL, false), STATUS_OK);
    expect(NULL, NULL);
}
END_TEST

START_TEST(the_limit_is_of_the_whole_reply)
{
    struct error error = {0};
    ck_assert_int_eq(add("ctx", "1234", true), STATUS_OK);
    ck_assert_int_eq(add(NULL, "567", false), STATUS_OK); /* 10 bytes: just right */
    expect("ctx", "1234567");
    reply_joiner_reset(&joiner);
    ck_assert_int_eq(add("ctx", "1234", true), STATUS_OK);
    payload = (struct payload){{NULL, 0}, bytes_of_text("5678")};
    ck_assert_int_eq(reply_joiner_add(&joiner, &payload, true, &error), STATUS_ETOOBIG);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "more than 10 bytes"));
    error_clear(&error);
}
END_TEST

TCase *reply_joiner_case(void);
TCase *reply_joiner_case(void)
{
    TCase *test = tcase_create("reply_joiner");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, one_chunk_is_not_copied);
    tcase_add_test(test, chunks_are_joined_in_order_and_apart_from_the_next_reply);
    tcase_add_test(test, empty_chunks_make_an_empty_reply);
    tcase_add_test(test, the_limit_is_of_the_whole_reply);
    return test;
}
