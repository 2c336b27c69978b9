/* Workers that do not boot: who is told, and how it goes on once the code is mended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backoff.h"
#include "base/clock.h"
#include "fixture.h"

static char mended[64];

static void setup(void)
{
    fixture_setup();
    snprintf(mended, sizeof mended, "/tmp/coyote-mended-%d", (int)getpid());
    unlink(mended);
    setenv("MENDED", mended, 1);
    settings.environment = environ;
    settings.jitter_seed = 1;
}

static void teardown(void)
{
    fixture_teardown();
    unlink(mended);
    unsetenv("MENDED");
}

static void mend(bool whole)
{
    if (whole) {
        ck_assert_int_eq(fclose(fopen(mended, "w")), 0);
    } else {
        unlink(mended);
    }
}

/* Starts without waiting for long; the text of the time-out. */
static void expect_no_start_yet(const char *text)
{
    struct error error = {0};
    ck_assert_int_eq(pool_host_start(host, &settings, 1000, &error), STATUS_ETIMEOUT);
    ck_assert_msg(strstr(error_text(&error), text) != NULL, "%s", error_text(&error));
    error_clear(&error);
}

START_TEST(code_that_is_mended_serves_without_another_start)
{
    use_script("dies_until_mended.php");
    settings.keep_trying = true;
    expect_no_start_yet("half deployed");
    ck_assert(log_has("unhealthy: worker "));
    ck_assert(log_has("half deployed")); /* each try is logged */
    mend(true);
    start_pool();
    ck_assert(log_has("healthy again"));
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(jobs_wait_for_code_that_is_mended)
{
    use_script("dies_until_mended.php");
    settings.keep_trying = true;
    expect_no_start_yet("half deployed");
    struct payload payload = {{NULL, 0}, bytes_of_text("hello")};
    ck_assert_int_eq(pool_host_submit(host, &payload, NULL, NULL), 1);
    mend(true);
    struct taken_reply *reply;
    ck_assert_int_eq(pool_host_next(host, 1, 30000, &reply, NULL), STATUS_OK);
    expect_body(&reply->reply, "hello");
    taken_reply_free(reply);
}
END_TEST

START_TEST(jobs_that_wait_in_vain_end_with_the_reason)
{
    use_script("dies_until_mended.php");
    settings.allocate_timeout = 1500;
    mend(true);
    start_pool();
    mend(false);
    expect_failure(exec(NULL, "exit 1"), OUTCOME_CRASHED, true, "status 1");
    expect_failure(exec(NULL, "exit 1"), OUTCOME_CRASHED, true, "status 1");
    const struct reply *reply = exec(NULL, "hello");
    expect_failure(reply, OUTCOME_TIMED_OUT, false, "(allocate_timeout)");
    expect_failure(reply, OUTCOME_TIMED_OUT, false, "half deployed");
}
END_TEST

/* _i: before it has ever served, or after. */
START_TEST(a_reset_tries_again_at_once)
{
    use_script("dies_until_mended.php");
    settings.num_workers = 1;
    settings.keep_trying = true;
    mend(_i == 1);
    if (_i == 1) {
        start_pool();
        mend(false);
        expect_failure(exec(NULL, "exit 1"), OUTCOME_CRASHED, true, "status 1");
    } else {
        expect_no_start_yet("half deployed");
    }
    for (int tries = 0; tries < 4; tries++) { /* the next is in more than a second */
        ck_assert(log_has("half deployed"));
    }
    mend(true);
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
    int64_t before = clock_now();
    ck_assert(log_has("they are tried again now"));
    start_pool();
    expect_body(exec(NULL, "hello"), "hello");
    ck_assert_int_lt(clock_now() - before, 20 * CLOCK_SECOND);
}
END_TEST

START_TEST(a_command_that_comes_to_be_is_started)
{
    char path[64];
    char *const *good = settings.command;
    char *absent[] = {path, good[1], good[2], good[3], NULL};
    snprintf(path, sizeof path, "/tmp/coyote-php-%d", (int)getpid());
    unlink(path);
    settings.command = absent;
    settings.keep_trying = true;
    expect_no_start_yet("No such file or directory");
    ck_assert(log_has("unhealthy: "));
    ck_assert(log_has("can't start a worker: "));
    ck_assert_int_eq(symlink(PHP, path), 0);
    start_pool();
    expect_body(exec(NULL, "hello"), "hello");
    unlink(path);
}
END_TEST

START_TEST(a_stop_while_nobody_boots)
{
    use_script("dies_until_mended.php");
    settings.keep_trying = true;
    expect_no_start_yet("half deployed");
    struct payload payload = {{NULL, 0}, bytes_of_text("hello")};
    pool_host_submit(host, &payload, NULL, NULL);
    ck_assert_int_eq(pool_host_stop(host, 20000, NULL), STATUS_OK);
    struct taken_reply *reply;
    ck_assert_int_eq(pool_host_next(host, 1, 0, &reply, NULL), STATUS_OK);
    expect_failure(&reply->reply, OUTCOME_CANCELLED, false, "stopped");
    taken_reply_free(reply);
}
END_TEST

/* How many lines with these texts are there already. */
static void count_lines(const char *const *texts, int *counts, size_t size)
{
    const struct log_line *line;
    while ((line = pool_host_log_next(host)) != NULL) {
        for (size_t i = 0; i < size; i++) {
            counts[i] += strstr(line->text.data, texts[i]) != NULL ? 1 : 0;
        }
    }
}

START_TEST(each_change_is_told_once)
{
    static const char *const texts[] = {"unhealthy: ", "healthy again"};
    int counts[2] = {0};
    use_script("dies_until_mended.php");
    settings.num_workers = 1;
    mend(true);
    start_pool();
    count_lines(texts, counts, 2);
    mend(false);
    expect_failure(exec(NULL, "exit 1"), OUTCOME_CRASHED, true, "status 1");
    /* some tries, all in vain */
    struct payload payload = {{NULL, 0}, bytes_of_text("hello")};
    struct taken_reply *reply;
    ck_assert_int_eq(pool_host_exec(host, &payload, NULL, 1200, &reply, NULL), STATUS_ETIMEOUT);
    count_lines(texts, counts, 2);
    ck_assert_int_eq(counts[0], 1);
    mend(true);
    expect_body(exec(NULL, "hello"), "hello");
    count_lines(texts, counts, 2);
    ck_assert_int_eq(counts[0], 1);
    ck_assert_int_eq(counts[1], 1);
}
END_TEST

START_TEST(a_pool_that_serves_is_well_although_one_does_not_boot)
{
    static const char *const texts[] = {"unhealthy"};
    int count = 0;
    use_script("dies_until_mended.php");
    mend(true);
    start_pool();
    mend(false);
    expect_failure(exec(NULL, "exit 1"), OUTCOME_CRASHED, true, "status 1");
    ck_assert(log_has("half deployed"));
    ck_assert(log_has("half deployed"));
    expect_body(exec(NULL, "hello"), "hello");
    count_lines(texts, &count, 1);
    ck_assert_int_eq(count, 0);
}
END_TEST

START_TEST(waits_double_and_are_never_quite_the_same)
{
    struct backoff backoff;
    struct backoff same;
    int different = 0;
    backoff_init(&backoff, (uint64_t)_i + 1);
    backoff_init(&same, (uint64_t)_i + 1);
    int64_t usual = BACKOFF_FIRST;
    for (int i = 0; i < 40; i++) {
        int64_t wait = backoff_next(&backoff);
        ck_assert_int_eq(wait, backoff_next(&same));
        ck_assert_int_ge(wait, usual - usual / 4);
        ck_assert_int_le(wait, usual + usual / 4);
        different += wait != usual ? 1 : 0;
        usual = usual * 2 < BACKOFF_MOST ? usual * 2 : BACKOFF_MOST;
    }
    ck_assert_int_gt(different, 20);
    backoff_reset(&backoff);
    ck_assert_int_le(backoff_next(&backoff), BACKOFF_FIRST + BACKOFF_FIRST / 4);
}
END_TEST

START_TEST(without_a_seed_chance_decides)
{
    struct backoff one;
    struct backoff other;
    int different = 0;
    backoff_init(&one, 0);
    backoff_init(&other, 0);
    for (int i = 0; i < 40; i++) {
        different += backoff_next(&one) != backoff_next(&other) ? 1 : 0;
    }
    ck_assert_int_gt(different, 20);
}
END_TEST

TCase *health_case(void);
TCase *health_case(void)
{
    TCase *test = tcase_create("health");
    tcase_set_timeout(test, 90);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, code_that_is_mended_serves_without_another_start);
    tcase_add_test(test, jobs_wait_for_code_that_is_mended);
    tcase_add_test(test, jobs_that_wait_in_vain_end_with_the_reason);
    tcase_add_loop_test(test, a_reset_tries_again_at_once, 0, 2);
    tcase_add_test(test, a_command_that_comes_to_be_is_started);
    tcase_add_test(test, a_stop_while_nobody_boots);
    tcase_add_test(test, each_change_is_told_once);
    tcase_add_test(test, a_pool_that_serves_is_well_although_one_does_not_boot);
    tcase_add_loop_test(test, waits_double_and_are_never_quite_the_same, 0, 3);
    tcase_add_test(test, without_a_seed_chance_decides);
    return test;
}
