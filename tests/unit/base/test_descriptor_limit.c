/* Each test is a process of its own: limits are a process's. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "base/descriptor_limit.h"
#include "base/error.h"
#include "suite.h"

static void set(rlim_t soft, rlim_t hard)
{
    const struct rlimit limit = {soft, hard};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void expect(rlim_t soft, rlim_t hard)
{
    struct rlimit limit;
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    ck_assert_uint_eq(limit.rlim_cur, soft);
    ck_assert_uint_eq(limit.rlim_max, hard);
}

START_TEST(raised_to_the_hard_one_and_given_back)
{
    set(100, 200);
    descriptor_limit_raise();
    expect(200, 200);
    descriptor_limit_raise(); /* again: what was inherited stays what it was */
    descriptor_limit_give_back();
    expect(100, 200);
}
END_TEST

START_TEST(what_was_not_raised_is_not_given_back)
{
    set(100, 200);
    descriptor_limit_give_back();
    expect(100, 200);
}
END_TEST

/* Whoever lowers it later has the last word. */
START_TEST(where_both_are_one_nothing_happens)
{
    set(200, 200);
    descriptor_limit_raise();
    set(100, 200);
    descriptor_limit_give_back();
    expect(100, 200);
}
END_TEST

START_TEST(an_error_by_too_many_names_the_limit)
{
    struct error error = {0};
    error_system(&error, EMFILE, "making a pipe");
    ck_assert_ptr_nonnull(strstr(error_text(&error), "ulimit -n"));
    error_system(&error, ENOENT, "making a pipe");
    ck_assert_ptr_null(strstr(error_text(&error), "ulimit"));
    error_clear(&error);
}
END_TEST

TCase *descriptor_limit_case(void);
TCase *descriptor_limit_case(void)
{
    TCase *test = tcase_create("descriptor_limit");
    tcase_add_test(test, raised_to_the_hard_one_and_given_back);
    tcase_add_test(test, what_was_not_raised_is_not_given_back);
    tcase_add_test(test, where_both_are_one_nothing_happens);
    tcase_add_test(test, an_error_by_too_many_names_the_limit);
    return test;
}
