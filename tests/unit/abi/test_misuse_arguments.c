/* What can't be: NULL with a size, impossible sizes, numbers and times, empty text. */
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "abi_fixture.h"

/* Of bytes: what is refused before anything is read. */
static const struct {
    const void *data;
    size_t size;
} impossible[] = {
    {NULL, 1},
    {NULL, PTRDIFF_MAX},
    {NULL, SIZE_MAX},
    {"x", SIZE_MAX},
    {"x", (size_t)-5},
    {"x", (size_t)PTRDIFF_MAX + 1},
    {"x", SIZE_MAX - 64},
};
enum { IMPOSSIBLE = sizeof impossible / sizeof *impossible };

START_TEST(impossible_bytes)
{
    const void *data = impossible[_i].data;
    size_t size = impossible[_i].size;
    coy_config *config = coy_config_new();
    coy_pool *pool = started_pool();
    ck_assert_int_eq(coy_pool_submit(pool, data, size, "x", 1), COY_EINVAL);
    expect_error(COY_EINVAL, "context");
    ck_assert_int_eq(coy_pool_submit(pool, "x", 1, data, size), COY_EINVAL);
    expect_error(COY_EINVAL, "body");
    ck_assert_ptr_null(coy_pool_exec(pool, data, size, NULL, 0, -1));
    expect_error(COY_EINVAL, "context");
    ck_assert_ptr_null(coy_pool_exec(pool, NULL, 0, data, size, -1));
    expect_error(COY_EINVAL, "body");
    ck_assert_int_eq(coy_pool_set_key(pool, data, size), COY_EINVAL);
    expect_error(COY_EINVAL, "key");
    ck_assert_int_eq(coy_config_read_text(config, "name", data, size), COY_EINVAL);
    expect_error(COY_EINVAL, "text");
    expect_body(exec_body(pool, "still there"), "still there");
    ck_assert_int_eq(coy_pool_stat(pool, "submitted"), 1);
    coy_pool_free(pool);
    coy_config_free(config);
}
END_TEST

/* Larger than any memory, but not negative: told without a look at the bytes. */
START_TEST(huge_bytes_are_not_read)
{
    coy_config *config = coy_config_new();
    coy_pool *pool = started_pool();
    int64_t both = coy_pool_submit(pool, "x", PTRDIFF_MAX, "x", PTRDIFF_MAX);
    ck_assert_int_gt(both, 0);
    expect_outcome(coy_pool_wait(pool, both, 30000), COY_OUTCOME_REJECTED);
    expect_outcome(coy_pool_exec(pool, NULL, 0, "x", PTRDIFF_MAX, 30000), COY_OUTCOME_REJECTED);
    expect_outcome(coy_pool_exec(pool, "x", (size_t)1 << 40, NULL, 0, 30000), COY_OUTCOME_REJECTED);
    ck_assert_int_eq(coy_pool_set_key(pool, "x", PTRDIFF_MAX), COY_ETOOBIG);
    ck_assert_int_eq(coy_pool_set_key(pool, "x", (size_t)UINT32_MAX + 1), COY_ETOOBIG);
    ck_assert_int_eq(coy_config_read_text(config, "name", "x", PTRDIFF_MAX), COY_ETOOBIG);
    expect_error(COY_ETOOBIG, "name: larger than 4 MiB");
    expect_body(exec_body(pool, "still there"), "still there");
    coy_pool_free(pool);
    coy_config_free(config);
}
END_TEST

START_TEST(nothing_is_a_payload_that_is_refused)
{
    coy_pool *pool = started_pool();
    expect_outcome(coy_pool_exec(pool, NULL, 0, NULL, 0, 30000), COY_OUTCOME_REJECTED);
    expect_outcome(coy_pool_exec(pool, "", 0, "x", 0, 30000), COY_OUTCOME_REJECTED);
    coy_pool_free(pool);
}
END_TEST

static const int64_t no_jobs[] = {0, -1, INT64_MIN, INT64_MAX, 2, 1 << 20};

START_TEST(numbers_that_no_job_has)
{
    int64_t job = no_jobs[_i];
    coy_pool *pool = started_pool();
    expect_outcome(coy_pool_wait(pool, submit_body(pool, "x"), -1), COY_OUTCOME_OK);
    ck_assert_ptr_null(coy_pool_wait(pool, job, -1));
    expect_error(COY_EINVAL, "job ");
    ck_assert_int_eq(coy_pool_cancel(pool, job), COY_EINVAL);
    expect_error(COY_EINVAL, "job ");
    ck_assert_int_eq(coy_pool_abandon(pool, job), COY_EINVAL);
    expect_error(COY_EINVAL, "job ");
    coy_pool_free(pool);
}
END_TEST

static const int no_priorities[] = {-1, 10, INT_MIN, INT_MAX, 256 + 4};

START_TEST(priorities_that_there_are_not)
{
    coy_pool *pool = new_pool();
    ck_assert_int_eq(coy_pool_set_priority(pool, no_priorities[_i]), COY_EINVAL);
    expect_error(COY_EINVAL, "it must be from 0 to 9");
    coy_pool_free(pool);
}
END_TEST

/* Negative is for ever, and so is what no clock reaches; 0 is at once. */
START_TEST(times_of_any_size)
{
    static const int64_t ever[] = {-1, INT64_MIN, INT64_MIN + 1, INT64_MAX, INT64_MAX / 1000000};
    coy_pool *pool = new_pool();
    for (size_t i = 0; i < sizeof ever / sizeof *ever; i++) {
        ck_assert_int_eq(coy_pool_start(pool, ever[i]), COY_OK);
        expect_body(coy_pool_exec(pool, NULL, 0, "x", 1, ever[i]), "x");
        submit_body(pool, "next");
        expect_body(coy_pool_next(pool, ever[i]), "next");
        expect_body(coy_pool_wait(pool, submit_body(pool, "wait"), ever[i]), "wait");
        /* nobody would ever wake it */
        ck_assert_ptr_null(coy_pool_next(pool, ever[i]));
        expect_error(COY_ESTATE, "would never end");
    }
    ck_assert_ptr_null(coy_pool_next(pool, 0));
    expect_error(COY_ETIMEOUT, "");
    ck_assert_int_eq(coy_pool_stop(pool, INT64_MIN), COY_OK);
    coy_pool_free(pool);
}
END_TEST

START_TEST(text_that_is_not_there)
{
    coy_config *config = coy_config_new();
    coy_pool *pool = new_pool();
    ck_assert_ptr_null(coy_pool_new(NULL));
    expect_error(COY_EINVAL, "the command is NULL");
    ck_assert_ptr_null(coy_pool_new_from_config(config, NULL));
    expect_error(COY_EINVAL, "the section");
    ck_assert_int_eq(coy_pool_set(pool, NULL, "1"), COY_EINVAL);
    expect_error(COY_EINVAL, "the key");
    ck_assert_int_eq(coy_pool_set(pool, "max_jobs", NULL), COY_EINVAL);
    expect_error(COY_EINVAL, "the value");
    ck_assert_int_eq(coy_pool_stat(pool, NULL), COY_EINVAL);
    expect_error(COY_EINVAL, "the name");
    ck_assert_int_eq(coy_config_read_file(config, NULL), COY_EINVAL);
    expect_error(COY_EINVAL, "the path");
    ck_assert_int_eq(coy_config_read_text(config, NULL, "", 0), COY_EINVAL);
    expect_error(COY_EINVAL, "the name");
    ck_assert_int_eq(coy_config_set(config, NULL, "1"), COY_EINVAL);
    expect_error(COY_EINVAL, "the key");
    ck_assert_int_eq(coy_config_set(config, "a", NULL), COY_EINVAL);
    expect_error(COY_EINVAL, "the value");
    ck_assert_ptr_null(coy_config_get(config, NULL));
    expect_error(COY_EINVAL, "the key");
    ck_assert_ptr_null(coy_config_position(config, NULL));
    expect_error(COY_EINVAL, "the key");
    coy_pool_free(pool);
    coy_config_free(config);
}
END_TEST

START_TEST(text_that_is_empty_or_odd)
{
    static const char *const keys[] = {"",
                                       ".",
                                       "..",
                                       "a..b",
                                       "a.",
                                       ".a",
                                       "[",
                                       "a[",
                                       "a[x]",
                                       "[0]",
                                       "a[99999999999999999999]",
                                       "\xff",
                                       "a\nb"};
    coy_config *config = coy_config_new();
    coy_pool *pool = new_pool();
    ck_assert_ptr_null(coy_pool_new(""));
    expect_error(COY_ECONFIG, "the command is empty");
    ck_assert_ptr_null(coy_pool_new("'"));
    expect_error(COY_ECONFIG, "");
    ck_assert_ptr_null(coy_pool_new_from_config(config, ""));
    expect_error(COY_ECONFIG, "no section \"\"");
    ck_assert_int_eq(coy_pool_stat(pool, ""), COY_EINVAL);
    ck_assert_int_eq(coy_config_read_file(config, ""), COY_ESYSTEM);
    ck_assert_int_eq(coy_config_read_file(config, "/"), COY_ESYSTEM);
    ck_assert_int_eq(coy_config_read_text(config, "", NULL, 0), COY_OK);
    ck_assert_int_eq(coy_config_set(config, "", "1"), COY_ECONFIG);
    ck_assert_int_eq(coy_config_set(config, "a..b", "1"), COY_ECONFIG);
    ck_assert_int_eq(coy_config_set(config, "a", ""), COY_OK); /* null, as YAML has it */
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        ck_assert_int_eq(coy_pool_set(pool, keys[i], "1"), COY_ECONFIG);
        ck_assert_ptr_nonnull(coy_config_position(config, keys[i]));
        coy_config_get(config, keys[i]);
    }
    ck_assert_int_eq(coy_pool_set(pool, "num_workers", ""), COY_ECONFIG);
    ck_assert_int_eq(coy_pool_set(pool, "num_workers", "\xff"), COY_ECONFIG);
    ck_assert_int_eq(coy_pool_set_key(pool, "", 0), COY_OK);
    ck_assert_int_eq(coy_pool_set_key(pool, NULL, 0), COY_OK);
    ck_assert_str_eq(coy_config_get(config, ""), "{\"a\":null}");
    coy_pool_free(pool);
    coy_config_free(config);
}
END_TEST

TCase *misuse_arguments_case(void);
TCase *misuse_arguments_case(void)
{
    TCase *test = tcase_create("misuse of arguments");
    tcase_set_timeout(test, 120);
    tcase_add_loop_test(test, impossible_bytes, 0, IMPOSSIBLE);
    tcase_add_test(test, huge_bytes_are_not_read);
    tcase_add_test(test, nothing_is_a_payload_that_is_refused);
    tcase_add_loop_test(test, numbers_that_no_job_has, 0, sizeof no_jobs / sizeof *no_jobs);
    tcase_add_loop_test(test, priorities_that_there_are_not, 0,
                        sizeof no_priorities / sizeof *no_priorities);
    tcase_add_test(test, times_of_any_size);
    tcase_add_test(test, text_that_is_not_there);
    tcase_add_test(test, text_that_is_empty_or_odd);
    return test;
}
