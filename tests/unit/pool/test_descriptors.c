/* A pool that its process may not have enough descriptors for. Each test is a process of its own. */
#include <string.h>
#include <sys/resource.h>

#include "fixture.h"

enum { LIMIT = 64, TOO_MANY = 30 };

static struct rlimit before;

static void setup(void)
{
    getrlimit(RLIMIT_NOFILE, &before);
    const struct rlimit tight = {LIMIT, before.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &tight), 0);
    fixture_setup();
}

static void expect_own_limit(void)
{
    struct rlimit now;
    getrlimit(RLIMIT_NOFILE, &now);
    ck_assert_uint_eq(now.rlim_cur, LIMIT);
    ck_assert_uint_eq(now.rlim_max, before.rlim_max);
}

/* A host's limits are not changed behind its back: it is told which to raise, and how far it got. */
START_TEST(a_host_is_told_which_limit_to_raise)
{
    struct error error = {0};
    settings.num_workers = TOO_MANY;
    int status = pool_host_start(host, &settings, 60000, &error);
    ck_assert_int_lt(status, 0);
    ck_assert_msg(strstr(error_text(&error), " of 30: ") != NULL, "%s", error_text(&error));
    ck_assert_msg(strstr(error_text(&error), "Too many open files: raise") != NULL, "%s",
                  error_text(&error));
    ck_assert_msg(strstr(error_text(&error), "ulimit -n") != NULL, "%s", error_text(&error));
    error_clear(&error);
    expect_own_limit();
    /* and can do with fewer */
    settings.num_workers = 2;
    start_pool();
    expect_body(exec("", "after all"), "after all");
    expect_own_limit();
}
END_TEST

TCase *descriptors_case(void);
TCase *descriptors_case(void)
{
    TCase *test = tcase_create("descriptors");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, setup, fixture_teardown);
    tcase_add_test(test, a_host_is_told_which_limit_to_raise);
    return test;
}
