#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "fixture.h"

static bool readable(int timeout)
{
    struct pollfd look = {.fd = pool_host_fd(host), .events = POLLIN};
    return poll(&look, 1, timeout) == 1;
}

START_TEST(the_descriptor_is_readable_while_outcomes_wait)
{
    settings.prefetch = 4;
    start_pool();
    struct taken_reply *reply;
    struct payload payload = {{NULL, 0}, bytes_of_text("x")};
    pool_host_submit(host, &payload, NULL, NULL);
    pool_host_submit(host, &payload, NULL, NULL);
    ck_assert(readable(20000));
    int64_t deadline = clock_after(20000);
    int taken = 0;
    while (taken < 2 && clock_now() < deadline) {
        if (readable(1000) && pool_host_next(host, 0, 0, &reply, NULL) == STATUS_OK) {
            taken++;
            taken_reply_free(reply);
        }
    }
    ck_assert_int_eq(taken, 2);
    while (pool_host_next(host, 0, 0, &reply, NULL) == STATUS_OK) {
        ck_abort_msg("an outcome too many");
    }
    ck_assert(!readable(0));
}
END_TEST

START_TEST(the_descriptor_tells_of_what_was_there_before_it_was_asked_for)
{
    settings.num_workers = 1;
    settings.prefetch = 2;
    start_pool();
    struct taken_reply *reply;
    struct payload payload = {{NULL, 0}, bytes_of_text("x")};
    int64_t first = pool_host_submit(host, &payload, NULL, NULL);
    int64_t second = pool_host_submit(host, &payload, NULL, NULL);
    ck_assert_int_eq(pool_host_next(host, (uint64_t)second, 60000, &reply, NULL), STATUS_OK);
    taken_reply_free(reply);
    ck_assert(readable(0));
    ck_assert_int_eq(pool_host_next(host, (uint64_t)first, 0, &reply, NULL), STATUS_OK);
    taken_reply_free(reply);
    ck_assert(!readable(0));
}
END_TEST

static void on_alarm(int signal)
{
    (void)signal;
}

START_TEST(a_signal_interrupts_and_loses_nothing)
{
    start_pool();
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval soon = {.it_value = {0, 100000}};
    struct payload payload = {{NULL, 0}, bytes_of_text("sleep 1000")};
    struct taken_reply *reply;
    int64_t before = clock_now();
    setitimer(ITIMER_REAL, &soon, NULL);
    ck_assert_int_eq(pool_host_exec(host, &payload, NULL, 60000, &reply, NULL),
                     STATUS_EINTERRUPTED);
    ck_assert_int_lt(clock_now() - before, 900 * CLOCK_MILLISECOND);
    ck_assert_int_eq(pool_host_next(host, 0, 60000, &reply, NULL), STATUS_OK);
    expect_body(&reply->reply, "slept");
    taken_reply_free(reply);
}
END_TEST

START_TEST(a_signal_is_heard_while_there_is_always_something_to_do)
{
    settings.num_workers = 1;
    start_pool();
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &action, NULL);
    struct payload payload = {{NULL, 0}, bytes_of_text("chatter 3000")};
    struct taken_reply *reply;
    int64_t job = pool_host_submit(host, &payload, NULL, NULL);
    for (int i = 0; i < 20; i++) {
        struct itimerval soon = {.it_value = {0, 20000 + i * 997}};
        setitimer(ITIMER_REAL, &soon, NULL);
        ck_assert_int_eq(pool_host_next(host, 0, 60000, &reply, NULL), STATUS_EINTERRUPTED);
    }
    ck_assert_int_eq(pool_host_next(host, (uint64_t)job, 60000, &reply, NULL), STATUS_OK);
    expect_body(&reply->reply, "chattered");
    taken_reply_free(reply);
}
END_TEST

START_TEST(an_exec_that_takes_too_long_drops_its_outcome)
{
    start_pool();
    struct payload payload = {{NULL, 0}, bytes_of_text("sleep 400")};
    struct taken_reply *reply;
    ck_assert_int_eq(pool_host_exec(host, &payload, NULL, 50, &reply, NULL), STATUS_ETIMEOUT);
    expect_body(exec(NULL, "sleep 800"), "slept");
    ck_assert_int_eq(pool_host_next(host, 0, 0, &reply, NULL), STATUS_ETIMEOUT);
}
END_TEST

START_TEST(an_outcome_that_is_dropped_is_not_waited_for)
{
    start_pool();
    struct payload payload = {{NULL, 0}, bytes_of_text("sleep 1000")};
    struct taken_reply *reply;
    ck_assert_int_eq(pool_host_exec(host, &payload, NULL, 50, &reply, NULL), STATUS_ETIMEOUT);
    ck_assert_int_eq(pool_host_next(host, 0, -1, &reply, NULL), STATUS_ESTATE);
    ck_assert_int_eq(pool_host_next(host, 1, -1, &reply, NULL), STATUS_EINVAL);
}
END_TEST

/* A worker that prints without end gives the loop something to do in every step. */
START_TEST(a_timeout_holds_although_there_is_always_something_to_do)
{
    start_pool();
    struct payload payload = {{NULL, 0}, bytes_of_text("flood it rains")};
    struct taken_reply *reply;
    pool_host_submit(host, &payload, NULL, NULL);
    int64_t before = clock_now();
    ck_assert_int_eq(pool_host_exec(host, &payload, NULL, 300, &reply, NULL), STATUS_ETIMEOUT);
    ck_assert_int_lt(clock_now() - before, 20 * CLOCK_SECOND);
    ck_assert(log_has("it rains"));
    before = clock_now();
    ck_assert_int_eq(pool_host_stop(host, 300, NULL), STATUS_OK);
    ck_assert_int_lt(clock_now() - before, 20 * CLOCK_SECOND);
}
END_TEST

START_TEST(calls_in_the_wrong_order_are_told)
{
    struct taken_reply *reply;
    struct payload payload = {{NULL, 0}, bytes_of_text("x")};
    ck_assert_int_eq(pool_host_submit(host, &payload, NULL, NULL), STATUS_ESTATE);
    ck_assert_int_eq(pool_host_exec(host, &payload, NULL, 0, &reply, NULL), STATUS_ESTATE);
    ck_assert_int_eq(pool_host_next(host, 0, -1, &reply, NULL), STATUS_ESTATE);
    ck_assert_int_eq(pool_host_next(host, 7, -1, &reply, NULL), STATUS_EINVAL);
    ck_assert_int_eq(pool_host_stop(host, -1, NULL), STATUS_OK);
}
END_TEST

/* _i: whether the workers had booted before the stop. */
START_TEST(a_start_after_a_stop_is_told)
{
    struct error error = {0};
    if (_i == 0) {
        use_script("silent.php");
    }
    int status = pool_host_start(host, &settings, _i == 0 ? 1 : 60000, NULL);
    ck_assert_int_eq(status, _i == 0 ? STATUS_ETIMEOUT : STATUS_OK);
    ck_assert_int_eq(pool_host_stop(host, 0, NULL), STATUS_OK);
    ck_assert_int_eq(pool_host_start(host, &settings, -1, &error), STATUS_ESTATE);
    ck_assert_str_eq(error_text(&error), "the pool is stopped: make a new one");
    error_clear(&error);
}
END_TEST

START_TEST(a_fork_of_the_host_leaves_its_workers_alone)
{
    settings.num_workers = 1;
    start_pool();
    int pid = atoi(exec(NULL, "pid")->payload.body.data);
    pid_t child = fork();
    if (child == 0) {
        bool refused = pool_host_check(host, NULL) == STATUS_EFORKED;
        pool_host_free(host);
        _exit(refused ? 0 : 1);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(atoi(exec(NULL, "pid")->payload.body.data), pid);
}
END_TEST

TCase *host_case(void);
TCase *host_case(void)
{
    TCase *test = tcase_create("host");
    tcase_set_timeout(test, 90);
    tcase_add_checked_fixture(test, fixture_setup, fixture_teardown);
    tcase_add_test(test, the_descriptor_is_readable_while_outcomes_wait);
    tcase_add_test(test, the_descriptor_tells_of_what_was_there_before_it_was_asked_for);
    tcase_add_test(test, a_signal_interrupts_and_loses_nothing);
    tcase_add_test(test, a_signal_is_heard_while_there_is_always_something_to_do);
    tcase_add_test(test, an_exec_that_takes_too_long_drops_its_outcome);
    tcase_add_test(test, an_outcome_that_is_dropped_is_not_waited_for);
    tcase_add_test(test, a_timeout_holds_although_there_is_always_something_to_do);
    tcase_add_test(test, calls_in_the_wrong_order_are_told);
    tcase_add_loop_test(test, a_start_after_a_stop_is_told, 0, 2);
    tcase_add_test(test, a_fork_of_the_host_leaves_its_workers_alone);
    return test;
}
