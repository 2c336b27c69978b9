/* A signal ends the call that waits, at once, and nothing is lost by it. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "abi_fixture.h"

/* With and without SA_RESTART. */
static const int flags[] = {0, SA_RESTART};
enum { FLAGS = sizeof flags / sizeof *flags };

static volatile sig_atomic_t handled;

static void on_signal(int number)
{
    (void)number;
    handled++;
}

static void listen_to(int number, int with)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = with};
    handled = 0;
    ck_assert_int_eq(sigaction(number, &action, NULL), 0);
}

/* One alarm, soon. */
static void arm(int with)
{
    struct itimerval soon = {.it_value = {0, 50000}};
    listen_to(SIGALRM, with);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &soon, NULL), 0);
}

static void expect_interrupted(void)
{
    expect_error(COY_EINTERRUPTED, "");
    ck_assert_int_eq(handled, 1); /* its handler has run before the call returned */
}

/* Those that wait here would wait for a minute, or for ever. */
START_TEST(the_start)
{
    coy_pool *pool = coy_pool_new(PHP " " FIXTURES "/workers/silent.php");
    ck_assert_int_eq(coy_pool_set(pool, "num_workers", "1"), COY_OK);
    arm(flags[_i]);
    ck_assert_int_eq(coy_pool_start(pool, -1), COY_EINTERRUPTED);
    expect_interrupted();
    ck_assert_int_eq(coy_pool_stat(pool, "workers_booting"), 1); /* it goes on */
    arm(flags[_i]);
    ck_assert_int_eq(coy_pool_start(pool, 60000), COY_EINTERRUPTED);
    expect_interrupted();
    ck_assert_int_eq(coy_pool_stat(pool, "workers_started"), 1);
    coy_pool_free(pool);
}
END_TEST

START_TEST(exec)
{
    coy_pool *pool = started_pool();
    arm(flags[_i]);
    ck_assert_ptr_null(coy_pool_exec(pool, NULL, 0, "sleep 1000", 10, -1));
    expect_interrupted();
    ck_assert_int_eq(coy_pool_stat(pool, "in_flight"), 1);
    expect_body(coy_pool_next(pool, 30000), "slept");
    coy_pool_free(pool);
}
END_TEST

START_TEST(next_and_wait)
{
    coy_pool *pool = started_pool();
    int64_t job = submit_body(pool, "sleep 1000");
    int64_t behind = submit_body(pool, "behind");
    arm(flags[_i]);
    ck_assert_ptr_null(coy_pool_next(pool, -1));
    expect_interrupted();
    arm(flags[_i]);
    ck_assert_ptr_null(coy_pool_wait(pool, behind, 60000));
    expect_interrupted();
    expect_body(coy_pool_wait(pool, job, 30000), "slept");
    expect_body(coy_pool_wait(pool, behind, 30000), "behind");
    coy_pool_free(pool);
}
END_TEST

START_TEST(the_stop)
{
    coy_pool *pool = started_pool();
    int64_t begun = submit_body(pool, "sleep 1000");
    int64_t waits = submit_body(pool, "x");
    arm(flags[_i]);
    ck_assert_int_eq(coy_pool_stop(pool, -1), COY_EINTERRUPTED);
    expect_interrupted();
    expect_outcome(coy_pool_wait(pool, waits, 30000), COY_OUTCOME_CANCELLED);
    ck_assert_int_eq(coy_pool_stop(pool, -1), COY_OK);
    expect_body(coy_pool_wait(pool, begun, 30000), "slept");
    coy_pool_free(pool);
}
END_TEST

/* One that the thread has blocked waits for whoever wants it. */
START_TEST(a_blocked_one_interrupts_nobody)
{
    sigset_t alarm_alone;
    sigset_t pending;
    coy_pool *pool = started_pool();
    sigemptyset(&alarm_alone);
    sigaddset(&alarm_alone, SIGALRM);
    sigprocmask(SIG_BLOCK, &alarm_alone, NULL);
    arm(0);
    expect_body(exec_body(pool, "sleep 300"), "slept");
    ck_assert_int_eq(handled, 0);
    sigpending(&pending);
    ck_assert_int_eq(sigismember(&pending, SIGALRM), 1);
    sigprocmask(SIG_UNBLOCK, &alarm_alone, NULL);
    ck_assert_int_eq(handled, 1);
    coy_pool_free(pool);
}
END_TEST

/* --- a storm: a hundred in each millisecond --- */

static timer_t storm;

static void storm_begin(int with)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    struct itimerspec often = {.it_interval = {0, 10000}, .it_value = {0, 10000}};
    listen_to(SIGRTMIN, with);
    ck_assert_int_eq(timer_create(CLOCK_MONOTONIC, &event, &storm), 0);
    ck_assert_int_eq(timer_settime(storm, 0, &often, NULL), 0);
}

static void storm_end(void)
{
    ck_assert_int_gt(handled, 100);
    ck_assert_int_eq(timer_delete(storm), 0);
}

static int interrupted;

/* NULL: again. */
static coy_reply *unless_interrupted(coy_reply *reply)
{
    if (reply == NULL) {
        expect_error(COY_EINTERRUPTED, "");
        interrupted++;
    }
    return reply;
}

static coy_reply *take(coy_pool *pool, int64_t job)
{
    coy_reply *reply = NULL;
    while (reply == NULL) {
        reply = unless_interrupted(job == 0 ? coy_pool_next(pool, 30000)
                                            : coy_pool_wait(pool, job, 30000));
    }
    return reply;
}

static void start_in_storm(coy_pool *pool)
{
    int status;
    while ((status = coy_pool_start(pool, 30000)) != COY_OK) {
        ck_assert_msg(status == COY_EINTERRUPTED, "%s", coy_error_message());
    }
}

static void stop_in_storm(coy_pool *pool)
{
    int status;
    while ((status = coy_pool_stop(pool, 30000)) != COY_OK) {
        ck_assert_msg(status == COY_EINTERRUPTED, "%s", coy_error_message());
    }
}

START_TEST(in_a_storm_nothing_is_lost_and_nothing_stands_still)
{
    enum { JOBS = 200 };
    bool seen[2 * JOBS + 1] = {false};
    coy_pool *pool = new_pool();
    ck_assert_int_eq(coy_pool_set(pool, "prefetch", "4"), COY_OK);
    interrupted = 0;
    storm_begin(flags[_i]);
    start_in_storm(pool);
    for (int i = 0; i < JOBS; i++) {
        coy_reply *reply = unless_interrupted(coy_pool_exec(pool, NULL, 0, "x", 1, 30000));
        reply = reply != NULL ? reply : take(pool, 0);
        ck_assert_int_eq(coy_reply_job(reply), i + 1);
        expect_body(reply, "x");
    }
    for (int i = 0; i < JOBS; i++) {
        submit_body(pool, i % 50 == 0 ? "exit 1" : "y");
    }
    for (int i = 0; i < JOBS; i++) {
        coy_reply *reply = take(pool, 0);
        ck_assert(!seen[coy_reply_job(reply)]);
        seen[coy_reply_job(reply)] = true;
        bool fatal = (coy_reply_job(reply) - 1) % 50 == 0;
        expect_outcome(reply, fatal ? COY_OUTCOME_CRASHED : COY_OUTCOME_OK);
    }
    ck_assert_ptr_null(coy_pool_wait(pool, 1, 0));
    stop_in_storm(pool);
    ck_assert_int_eq(coy_pool_stat(pool, "submitted"), 2 * JOBS);
    coy_pool_free(pool);
    storm_end();
    ck_assert_int_gt(interrupted, 0);
}
END_TEST

/* --- hosts that take the library's children --- */

static atomic_bool reaping;

static void *reap_all(void *unused)
{
    (void)unused;
    while (atomic_load(&reaping)) {
        if (waitpid(-1, NULL, 0) < 0) {
            nanosleep(&(struct timespec){0, 100000}, NULL); /* there is none just now */
        }
    }
    return NULL;
}

static void expect_outcomes_of_deaths(coy_pool *pool)
{
    enum { JOBS = 12 };
    static const char *const bodies[] = {"exit 3", "kill", "x", "segv"};
    int64_t jobs[JOBS];
    for (int i = 0; i < JOBS; i++) {
        jobs[i] = submit_body(pool, bodies[i % 4]);
    }
    for (int i = 0; i < JOBS; i++) {
        expect_outcome(take(pool, jobs[i]), i % 4 == 2 ? COY_OUTCOME_OK : COY_OUTCOME_CRASHED);
    }
    stop_in_storm(pool);
    ck_assert_int_eq(coy_pool_stat(pool, "workers_started"), coy_pool_stat(pool, "workers_died"));
    ck_assert_int_eq(coy_pool_stat(pool, "died_destroy_timeout"), 0);
}

START_TEST(a_thread_of_the_host_reaps_everything)
{
    pthread_t thread;
    coy_pool *pool = new_pool();
    atomic_store(&reaping, true);
    ck_assert_int_eq(pthread_create(&thread, NULL, reap_all, NULL), 0);
    start_in_storm(pool);
    expect_outcomes_of_deaths(pool);
    coy_pool_free(pool);
    pool = started_pool();
    submit_body(pool, "sleep 60000");
    coy_pool_free(pool); /* kills, and waits for nobody who is not there */
    atomic_store(&reaping, false);
    pthread_join(thread, NULL);
}
END_TEST

static void reap_here(int number)
{
    (void)number;
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
}

/* _i: ignored before there is a pool, ignored, or reaped by a handler with or without SA_RESTART. */
START_TEST(whatever_the_host_does_with_sigchld)
{
    struct sigaction action = {.sa_handler = _i < 2 ? SIG_IGN : reap_here,
                               .sa_flags = _i == 3 ? SA_RESTART : 0};
    if (_i != 1) {
        ck_assert_int_eq(sigaction(SIGCHLD, &action, NULL), 0);
    }
    coy_pool *pool = new_pool();
    start_in_storm(pool);
    ck_assert_int_eq(sigaction(SIGCHLD, &action, NULL), 0);
    expect_outcomes_of_deaths(pool);
    coy_pool_free(pool);
    pool = new_pool();
    start_in_storm(pool);
    submit_body(pool, "sleep 60000");
    coy_pool_free(pool);
    signal(SIGCHLD, SIG_DFL);
}
END_TEST

TCase *signals_case(void);
TCase *signals_case(void)
{
    TCase *test = tcase_create("signals");
    tcase_set_timeout(test, 120);
    tcase_add_loop_test(test, the_start, 0, FLAGS);
    tcase_add_loop_test(test, exec, 0, FLAGS);
    tcase_add_loop_test(test, next_and_wait, 0, FLAGS);
    tcase_add_loop_test(test, the_stop, 0, FLAGS);
    tcase_add_test(test, a_blocked_one_interrupts_nobody);
    tcase_add_loop_test(test, in_a_storm_nothing_is_lost_and_nothing_stands_still, 0, FLAGS);
    tcase_add_test(test, a_thread_of_the_host_reaps_everything);
    tcase_add_loop_test(test, whatever_the_host_does_with_sigchld, 0, 4);
    return test;
}
