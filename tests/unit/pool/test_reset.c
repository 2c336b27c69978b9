#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "fixture.h"

static int worker_pid(void)
{
    return atoi(exec(NULL, "pid")->payload.body.data);
}

START_TEST(fresh_workers_take_over_and_no_job_fails)
{
    settings.prefetch = 2;
    start_pool();
    int before[2] = {worker_pid(), worker_pid()};
    enum { JOBS = 400 };
    for (int i = 0; i < JOBS; i++) {
        struct payload payload = {{NULL, 0}, bytes_of_text("sleep 1")};
        ck_assert_int_gt(pool_host_submit(host, &payload, NULL, NULL), 0);
        if (i == JOBS / 2) {
            ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
        }
    }
    for (int i = 0; i < JOBS; i++) {
        struct taken_reply *reply;
        ck_assert_int_eq(pool_host_next(host, 0, 30000, &reply, NULL), STATUS_OK);
        expect_body(&reply->reply, "slept");
        taken_reply_free(reply);
    }
    ck_assert(log_has("the reset is done: 2 fresh workers"));
    for (int i = 0; i < 20; i++) {
        int now = worker_pid();
        ck_assert(now != before[0] && now != before[1]);
    }
}
END_TEST

START_TEST(a_worker_that_is_long_at_work_does_not_hold_it)
{
    start_pool();
    struct payload sleeper = {{NULL, 0}, bytes_of_text("sleep 3000")};
    int64_t begin = clock_now();
    int64_t job = pool_host_submit(host, &sleeper, NULL, NULL);
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
    ck_assert(log_has("the reset is done"));
    ck_assert_int_lt(clock_now() - begin, 2900 * CLOCK_MILLISECOND);
    expect_body(exec(NULL, "hello"), "hello");
    struct taken_reply *reply = next_outcome(job);
    expect_body(&reply->reply, "slept");
    taken_reply_free(reply);
}
END_TEST

/* Those behind it in the relay have not begun: they run elsewhere. */
START_TEST(reset_timeout_ends_an_old_worker_that_is_still_at_its_job)
{
    settings.num_workers = 1;
    settings.prefetch = 8;
    settings.reset_timeout = 200;
    settings.exec_ttl = _i == 0 ? 0 : 25000; /* its clock does not run on in the jobs behind */
    start_pool();
    static const char *bodies[] = {"sleep 30000", "second", "third"};
    int64_t jobs[3];
    for (size_t i = 0; i < 3; i++) {
        struct payload payload = {{NULL, 0}, bytes_of_text(bodies[i])};
        jobs[i] = pool_host_submit(host, &payload, NULL, NULL);
    }
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
    struct taken_reply *reply = next_outcome(jobs[0]);
    expect_failure(&reply->reply, OUTCOME_TIMED_OUT, true,
                   "still in hand 0.2 s after a reset (reset_timeout)");
    pid_t old = reply->reply.pid;
    taken_reply_free(reply);
    for (size_t i = 1; i < 3; i++) {
        reply = next_outcome(jobs[i]);
        expect_body(&reply->reply, bodies[i]);
        ck_assert_int_ne(reply->reply.pid, old);
        taken_reply_free(reply);
    }
    ck_assert(log_has("still at an old job after 0.2 s (reset_timeout)"));
}
END_TEST

START_TEST(reset_timeout_leaves_those_alone_that_finish)
{
    settings.num_workers = 1;
    settings.reset_timeout = 20000;
    start_pool();
    struct payload sleeper = {{NULL, 0}, bytes_of_text("sleep 700")};
    int64_t job = pool_host_submit(host, &sleeper, NULL, NULL);
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
    struct taken_reply *reply = next_outcome(job);
    expect_body(&reply->reply, "slept");
    taken_reply_free(reply);
}
END_TEST

START_TEST(reset_timeout_has_no_effect_without_a_reset)
{
    settings.num_workers = 1;
    settings.reset_timeout = 50;
    start_pool();
    expect_body(exec(NULL, "sleep 400"), "slept");
}
END_TEST

START_TEST(code_that_does_not_boot_leaves_the_old_workers_at_work)
{
    char first[] = "/tmp/coyote-reset-XXXXXX";
    ck_assert_int_ge(mkstemp(first), 0);
    remove(first);
    setenv("FIRST", first, 1);
    settings.environment = environ;
    settings.num_workers = 1;
    use_script("obeys_once.php");
    start_pool();
    int pid = worker_pid();
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
    ck_assert(log_has("the old workers go on: a fresh one can't start"));
    ck_assert_int_eq(worker_pid(), pid);
    remove(first);
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
    ck_assert(log_has("the reset is done: 1 fresh worker"));
    ck_assert_int_ne(worker_pid(), pid);
    remove(first);
    unsetenv("FIRST");
}
END_TEST

START_TEST(a_second_reset_amid_the_first)
{
    start_pool();
    int pid = worker_pid();
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
    ck_assert(log_has("the reset is done: 2 fresh workers"));
    ck_assert_int_ne(worker_pid(), pid);
    ck_assert_int_eq(pool_host_stop(host, 20000, NULL), STATUS_OK);
}
END_TEST

START_TEST(a_stop_amid_a_reset)
{
    start_pool();
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
    ck_assert_int_eq(pool_host_stop(host, 20000, NULL), STATUS_OK);
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_ESTATE);
}
END_TEST

START_TEST(there_is_nothing_to_reset_before_the_start)
{
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_ESTATE);
}
END_TEST

TCase *reset_case(void);
TCase *reset_case(void)
{
    TCase *test = tcase_create("reset");
    tcase_set_timeout(test, 90);
    tcase_add_checked_fixture(test, fixture_setup, fixture_teardown);
    tcase_add_test(test, fresh_workers_take_over_and_no_job_fails);
    tcase_add_test(test, a_worker_that_is_long_at_work_does_not_hold_it);
    tcase_add_loop_test(test, reset_timeout_ends_an_old_worker_that_is_still_at_its_job, 0, 2);
    tcase_add_test(test, reset_timeout_leaves_those_alone_that_finish);
    tcase_add_test(test, reset_timeout_has_no_effect_without_a_reset);
    tcase_add_test(test, code_that_does_not_boot_leaves_the_old_workers_at_work);
    tcase_add_test(test, a_second_reset_amid_the_first);
    tcase_add_test(test, a_stop_amid_a_reset);
    tcase_add_test(test, there_is_nothing_to_reset_before_the_start);
    return test;
}
