/* Workers for breakpoints. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "fixture.h"

static char mended[64];

static void setup(void)
{
    fixture_setup();
    snprintf(mended, sizeof mended, "/tmp/coyote-debug-%d", (int)getpid());
    unlink(mended);
    setenv("MENDED", mended, 1);
    settings.environment = environ;
    settings.debug = true;
}

static void teardown(void)
{
    fixture_teardown();
    unlink(mended);
    unsetenv("MENDED");
}

static int64_t submit(const char *key, const char *body)
{
    struct payload payload = {.body = bytes_of_text(body)};
    struct pool_host_terms terms = {bytes_of_text(key), POOL_HOST_PRIORITY};
    int64_t id = pool_host_submit(host, &payload, &terms, NULL);
    ck_assert_int_gt(id, 0);
    return id;
}

static void expect_slept(int64_t id)
{
    struct taken_reply *reply = next_outcome(id);
    expect_body(&reply->reply, "slept");
    taken_reply_free(reply);
}

START_TEST(each_job_has_a_fresh_worker_that_goes)
{
    start_pool();
    pid_t before = 0;
    for (int i = 0; i < 3; i++) {
        const struct reply *reply = exec("world", "hello");
        expect_body(reply, "hello");
        ck_assert_int_ne(reply->pid, before);
        before = reply->pid;
    }
    ck_assert_int_eq(pool_host_stop(host, 20000, NULL), STATUS_OK);
    ck_assert_int_eq(kill(before, 0), -1);
    ck_assert_int_eq(errno, ESRCH);
}
END_TEST

START_TEST(there_are_num_workers_at_a_time)
{
    enum { JOBS = 6 };
    int64_t begin[JOBS];
    int64_t end[JOBS];
    start_pool();
    for (int i = 0; i < JOBS; i++) {
        submit("", "clock 150");
    }
    for (int i = 0; i < JOBS; i++) {
        struct taken_reply *reply = next_outcome(i + 1);
        ck_assert_int_eq(reply->reply.outcome, OUTCOME_OK);
        char *rest = NULL;
        begin[i] = strtoll(reply->reply.payload.body.data, &rest, 10);
        end[i] = strtoll(rest, NULL, 10);
        taken_reply_free(reply);
    }
    for (int i = 0; i < JOBS; i++) {
        int at_once = 0;
        for (int other = 0; other < JOBS; other++) {
            at_once += begin[other] <= begin[i] && begin[i] < end[other] ? 1 : 0;
        }
        ck_assert_int_le(at_once, 2);
    }
}
END_TEST

/* The start does not run it: no worker is started ahead. */
START_TEST(code_that_does_not_boot_ends_the_job_that_wanted_it)
{
    use_script("dies_until_mended.php");
    start_pool();
    for (int i = 0; i < 2; i++) {
        int64_t before = clock_now();
        const struct reply *reply = exec(NULL, "hello");
        expect_failure(reply, OUTCOME_CRASHED, false, "before it answered the handshake");
        expect_failure(reply, OUTCOME_CRASHED, false, "half deployed");
        ck_assert_int_lt(clock_now() - before, 10 * CLOCK_SECOND);
        ck_assert_int_eq(fclose(fopen(mended, "w")), 0);
        expect_body(exec(NULL, "hello"), "hello");
        unlink(mended);
    }
}
END_TEST

START_TEST(a_command_that_does_not_exist_ends_each_job)
{
    static char *nowhere[] = {"phq", "app.php", NULL};
    settings.command = nowhere;
    start_pool();
    for (int i = 0; i < 3; i++) {
        submit("", "hello");
    }
    for (int64_t id = 1; id <= 3; id++) {
        struct taken_reply *reply = next_outcome(id);
        expect_failure(&reply->reply, OUTCOME_CRASHED, false,
                       "can't start a worker: worker command phq: No such file");
        taken_reply_free(reply);
    }
}
END_TEST

START_TEST(a_key_does_not_wait_for_ever_behind_code_that_does_not_boot)
{
    use_script("dies_until_mended.php");
    start_pool();
    for (int i = 0; i < 3; i++) {
        submit("one key", "hello");
    }
    for (int64_t id = 1; id <= 3; id++) {
        struct taken_reply *reply = next_outcome(id);
        expect_failure(&reply->reply, OUTCOME_CRASHED, false, "half deployed");
        taken_reply_free(reply);
    }
}
END_TEST

START_TEST(no_limit_of_time_or_memory_holds)
{
    first_file_setup();
    ck_assert_int_eq(fclose(fopen(getenv("FIRST"), "w")), 0);
    use_script("closes_at_boot.php"); /* boots slowly, the first one being gone */
    settings.num_workers = 1;
    settings.allocate_timeout = 50;
    settings.destroy_timeout = 50;
    settings.reset_timeout = 50;
    settings.exec_ttl = 50;
    settings.max_worker_memory = 1;
    settings.watch_tick = 10;
    start_pool();
    ck_assert(log_has("suspended are allocate_timeout, exec_ttl, destroy_timeout, reset_timeout, "
                      "relay_timeout and max_worker_memory, and dynamic_allocator is not used"));
    int64_t first = submit("", "sleep 500");
    int64_t second = submit("", "sleep 500");
    expect_slept(first);
    expect_slept(second);
    first_file_teardown();
}
END_TEST

START_TEST(a_stop_waits_for_the_job)
{
    settings.destroy_timeout = 50;
    start_pool();
    int64_t job = submit("", "doze 700");
    ck_assert(log_has("asleep"));
    ck_assert_int_eq(pool_host_stop(host, -1, NULL), STATUS_OK);
    expect_slept(job);
}
END_TEST

START_TEST(a_stop_does_not_wait_for_one_that_boots)
{
    use_script("silent.php");
    start_pool();
    int64_t job = submit("", "hello");
    struct taken_reply *reply;
    ck_assert_int_eq(pool_host_next(host, 0, 300, &reply, NULL), STATUS_ETIMEOUT);
    int64_t before = clock_now();
    ck_assert_int_eq(pool_host_stop(host, -1, NULL), STATUS_OK);
    ck_assert_int_lt(clock_now() - before, 20 * CLOCK_SECOND);
    reply = next_outcome(job);
    expect_failure(&reply->reply, OUTCOME_CANCELLED, false, "stopped");
    taken_reply_free(reply);
}
END_TEST

START_TEST(there_is_nothing_to_reset)
{
    start_pool();
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
    ck_assert(log_has("there is nothing to reset"));
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(a_crash_is_a_crash)
{
    start_pool();
    expect_failure(exec(NULL, "exit 3"), OUTCOME_CRASHED, true, "it said: leaving with 3");
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(a_job_that_is_handed_back_has_a_fresh_worker_too)
{
    char body[96];
    snprintf(body, sizeof body, "stop %s", mended);
    start_pool();
    expect_body(exec(NULL, body), "ran elsewhere");
}
END_TEST

START_TEST(a_free_while_workers_boot_and_work)
{
    start_pool();
    submit("", "doze 20000");
    ck_assert(log_has("asleep"));
    submit("", "hello");
    submit("", "hello");
}
END_TEST

TCase *debug_case(void);
TCase *debug_case(void)
{
    TCase *test = tcase_create("debug");
    tcase_set_timeout(test, 90);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, each_job_has_a_fresh_worker_that_goes);
    tcase_add_test(test, there_are_num_workers_at_a_time);
    tcase_add_test(test, code_that_does_not_boot_ends_the_job_that_wanted_it);
    tcase_add_test(test, a_command_that_does_not_exist_ends_each_job);
    tcase_add_test(test, a_key_does_not_wait_for_ever_behind_code_that_does_not_boot);
    tcase_add_test(test, no_limit_of_time_or_memory_holds);
    tcase_add_test(test, a_stop_waits_for_the_job);
    tcase_add_test(test, a_stop_does_not_wait_for_one_that_boots);
    tcase_add_test(test, there_is_nothing_to_reset);
    tcase_add_test(test, a_crash_is_a_crash);
    tcase_add_test(test, a_job_that_is_handed_back_has_a_fresh_worker_too);
    tcase_add_test(test, a_free_while_workers_boot_and_work);
    return test;
}
