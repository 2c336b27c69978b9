#include <stdint.h>
#include <string.h>

#include "payload/payload.h"
#include "payload/reply.h"
#include "suite.h"

static int check(size_t context, size_t body, size_t limit, struct error *error)
{
    static const char bytes[1];
    const struct payload payload = {{bytes, context}, {bytes, body}};
    return payload_check(&payload, limit, error);
}

START_TEST(one_part_is_enough_none_is_not)
{
    struct error error = {0};
    ck_assert_int_eq(check(1, 0, 10, NULL), STATUS_OK);
    ck_assert_int_eq(check(0, 1, 10, NULL), STATUS_OK);
    ck_assert_int_eq(check(0, 0, 10, &error), STATUS_EINVAL);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "give it a body, a context, or both"));
    error_clear(&error);
}
END_TEST

START_TEST(the_limit_is_of_both_parts_together)
{
    struct error error = {0};
    ck_assert_int_eq(check(4, 6, 10, NULL), STATUS_OK);
    ck_assert_int_eq(check(4, 7, 10, &error), STATUS_ETOOBIG);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "4 + 7 bytes"));
    ck_assert_int_eq(check(11, 0, 10, NULL), STATUS_ETOOBIG);
    ck_assert_int_eq(check(SIZE_MAX, SIZE_MAX, SIZE_MAX - 1, NULL), STATUS_ETOOBIG);
    ck_assert_int_eq(check(1, SIZE_MAX, SIZE_MAX, NULL), STATUS_ETOOBIG);
    error_clear(&error);
}
END_TEST

START_TEST(outcomes_have_names)
{
    ck_assert_str_eq(outcome_name(OUTCOME_OK), "ok");
    ck_assert_str_eq(outcome_name(OUTCOME_TIMED_OUT), "timed_out");
    ck_assert_str_eq(outcome_name((enum outcome)99), "unknown");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("payload");
    TCase *test = tcase_create("payload");
    tcase_add_test(test, one_part_is_enough_none_is_not);
    tcase_add_test(test, the_limit_is_of_both_parts_together);
    tcase_add_test(test, outcomes_have_names);
    suite_add_tcase(suite, test);
    return suite;
}
