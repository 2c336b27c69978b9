#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>

#include "base/clock.h"
#include "loop/loop.h"
#include "suite.h"

enum { MANY = 500 };

struct timed {
    struct loop_timer timer;
    int64_t wanted;
};

static struct loop *loop;
static int64_t order[MANY];
static int fired;

static void setup(void)
{
    loop = loop_new(NULL);
    fired = 0;
}

static void teardown(void)
{
    loop_free(loop);
}

static void timed_due(struct loop_timer *timer)
{
    order[fired++] = container_of(timer, struct timed, timer)->wanted;
}

START_TEST(timers_fire_in_the_order_of_their_deadlines)
{
    static struct timed timers[MANY];
    unsigned seed = 7;
    int64_t base = clock_now() - CLOCK_SECOND;
    for (int i = 0; i < MANY; i++) {
        timers[i] = (struct timed){.timer = {.due = timed_due}};
        timers[i].wanted = base + rand_r(&seed) % 1000;
        loop_timer_set(loop, &timers[i].timer, timers[i].wanted);
    }
    int left = MANY;
    for (int i = 0; i < MANY; i += 3) {
        loop_timer_stop(&timers[i].timer);
        loop_timer_stop(&timers[i].timer);
        left--;
        if (i % 2 == 0) {
            timers[i].wanted = base + rand_r(&seed) % 1000;
            loop_timer_set(loop, &timers[i].timer, timers[i].wanted);
            left++;
        }
    }
    while (loop_step(loop, 0, NULL) == STATUS_OK) {
    }
    ck_assert_int_eq(fired, left);
    for (int i = 1; i < fired; i++) {
        ck_assert_int_le(order[i - 1], order[i]);
    }
}
END_TEST

START_TEST(a_deadline_wakes_a_host_that_polls)
{
    struct timed timer = {.timer = {.due = timed_due}};
    loop_timer_set(loop, &timer.timer, clock_after(5));
    struct pollfd look = {.fd = loop_fd(loop), .events = POLLIN};
    ck_assert_int_eq(poll(&look, 1, 10000), 1);
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_OK);
    ck_assert_int_eq(fired, 1);
    ck_assert_int_eq(poll(&look, 1, 0), 0);
}
END_TEST

START_TEST(a_step_waits_through_a_timer_that_was_moved)
{
    struct timed timer = {.timer = {.due = timed_due}};
    loop_timer_set(loop, &timer.timer, clock_after(5));
    int64_t later = clock_after(30);
    loop_timer_set(loop, &timer.timer, later);
    ck_assert_int_eq(loop_step(loop, CLOCK_NEVER, NULL), STATUS_OK);
    ck_assert_int_eq(fired, 1);
    ck_assert_int_ge(clock_now(), later);
}
END_TEST

START_TEST(a_step_ends_at_its_own_deadline)
{
    struct timed timer = {.timer = {.due = timed_due}};
    loop_timer_set(loop, &timer.timer, clock_after(60000));
    int64_t deadline = clock_after(5);
    ck_assert_int_eq(loop_step(loop, deadline, NULL), STATUS_ETIMEOUT);
    ck_assert_int_ge(clock_now(), deadline);
    ck_assert_int_eq(fired, 0);
    loop_timer_set(loop, &timer.timer, CLOCK_NEVER);
    ck_assert_ptr_null(timer.timer.loop);
}
END_TEST

static int64_t busy_until;

static void on_alarm(int signal)
{
    (void)signal;
    while (clock_now() < busy_until) {
    }
}

START_TEST(a_signal_is_told_although_a_timer_is_due_as_well)
{
    struct timed timer = {.timer = {.due = timed_due}};
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval soon = {.it_value = {0, 20000}};
    sigaction(SIGALRM, &action, NULL);
    int64_t due = clock_after(2000);
    busy_until = due + CLOCK_MILLISECOND;
    loop_timer_set(loop, &timer.timer, due);
    setitimer(ITIMER_REAL, &soon, NULL);
    ck_assert_int_eq(loop_step(loop, CLOCK_NEVER, NULL), STATUS_EINTERRUPTED);
    ck_assert_int_eq(fired, 1);
    signal(SIGALRM, SIG_DFL);
}
END_TEST

TCase *timer_case(void);
TCase *timer_case(void)
{
    TCase *test = tcase_create("timer");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, timers_fire_in_the_order_of_their_deadlines);
    tcase_add_test(test, a_deadline_wakes_a_host_that_polls);
    tcase_add_test(test, a_step_waits_through_a_timer_that_was_moved);
    tcase_add_test(test, a_step_ends_at_its_own_deadline);
    tcase_add_test(test, a_signal_is_told_although_a_timer_is_due_as_well);
    return test;
}
