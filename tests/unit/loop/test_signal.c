#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "loop/loop_signal.h"
#include "suite.h"

static int last_seen;
static unsigned count_seen;
static volatile sig_atomic_t at_once_calls;

static void received(struct loop_signals *signals, int last, unsigned count)
{
    (void)signals;
    last_seen = last;
    count_seen += count;
}

static void at_once(int signal, unsigned count)
{
    (void)signal;
    at_once_calls = (int)count;
}

START_TEST(signals_arrive_as_events_two_at_once_as_one_and_handlers_are_given_back)
{
    struct sigaction before;
    sigaction(SIGTERM, NULL, &before);
    struct loop *loop = loop_new(NULL);
    struct loop_signals signals = {.received = received, .at_once = at_once};
    struct loop_signals other = {.received = received};
    ck_assert_int_eq(loop_signals_start(loop, &signals, NULL), STATUS_OK);
    ck_assert_int_eq(loop_signals_start(loop, &other, NULL), STATUS_ESTATE);
    raise(SIGTERM);
    raise(SIGTERM);
    ck_assert_int_eq(at_once_calls, 1);
    ck_assert_int_eq(loop_step(loop, CLOCK_NEVER, NULL), STATUS_OK);
    ck_assert_int_eq(last_seen, SIGTERM);
    ck_assert_uint_eq(count_seen, 1);
    ck_assert_int_eq(loop_step(loop, clock_after(20), NULL), STATUS_ETIMEOUT);
    raise(SIGINT);
    ck_assert_int_eq(at_once_calls, 2);
    ck_assert_int_eq(loop_step(loop, CLOCK_NEVER, NULL), STATUS_OK);
    ck_assert_int_eq(last_seen, SIGINT);
    ck_assert_uint_eq(count_seen, 2);
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_ETIMEOUT);
    loop_signals_stop(&other);
    loop_signals_stop(&signals);
    struct sigaction now;
    sigaction(SIGTERM, NULL, &now);
    ck_assert_ptr_eq(now.sa_handler, before.sa_handler);
    loop_free(loop);
}
END_TEST

/* As if the program had not taken them: it dies of the signal, and its parent does not hear of it. */
START_TEST(a_child_of_the_program_has_its_signals_back)
{
    signal(SIGTERM, SIG_DFL); /* Check's own would end its whole group */
    struct loop *loop = loop_new(NULL);
    struct loop_signals signals = {.received = received};
    ck_assert_int_eq(loop_signals_start(loop, &signals, NULL), STATUS_OK);
    pid_t child = fork();
    if (child == 0) {
        raise(SIGTERM);
        _exit(0);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGTERM);
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_ETIMEOUT);
    loop_signals_stop(&signals);
    loop_free(loop);
}
END_TEST

TCase *signal_case(void);
TCase *signal_case(void)
{
    TCase *test = tcase_create("signal");
    tcase_add_test(test, signals_arrive_as_events_two_at_once_as_one_and_handlers_are_given_back);
    tcase_add_test(test, a_child_of_the_program_has_its_signals_back);
    return test;
}
