#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include "relay/ends/quiet_write.h"
#include "suite.h"

static volatile sig_atomic_t pipe_signals;

static void on_pipe_signal(int signal)
{
    (void)signal;
    pipe_signals++;
}

static int broken_pipe(void)
{
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    close(ends[0]);
    return ends[1];
}

static void write_into(int fd)
{
    struct iovec part = {"x", 1};
    errno = 0;
    ck_assert_int_eq(quiet_writev(fd, &part, 1), -1);
    ck_assert_int_eq(errno, EPIPE);
}

static bool is_pending(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

static void block(int how)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    sigprocmask(how, &set, NULL);
}

START_TEST(no_signal_reaches_the_host)
{
    struct sigaction action = {.sa_handler = on_pipe_signal};
    struct sigaction before;
    sigaction(SIGPIPE, &action, &before);
    pipe_signals = 0;
    int fd = broken_pipe();
    write_into(fd);
    write_into(fd);
    ck_assert_int_eq(pipe_signals, 0);
    ck_assert(!is_pending());
    raise(SIGPIPE); /* the host's own still arrive */
    ck_assert_int_eq(pipe_signals, 1);
    sigaction(SIGPIPE, &before, NULL);
    close(fd);
}
END_TEST

START_TEST(the_default_disposition_does_not_kill)
{
    int fd = broken_pipe();
    signal(SIGPIPE, SIG_DFL);
    write_into(fd);
    close(fd);
}
END_TEST

START_TEST(a_pending_one_of_the_hosts_stays)
{
    int fd = broken_pipe();
    block(SIG_BLOCK);
    raise(SIGPIPE);
    ck_assert(is_pending());
    write_into(fd);
    ck_assert(is_pending());
    struct timespec at_once = {0};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    ck_assert_int_eq(sigtimedwait(&set, NULL, &at_once), SIGPIPE);
    /* blocked by the host, none pending: none is left behind either */
    write_into(fd);
    ck_assert(!is_pending());
    block(SIG_UNBLOCK);
    close(fd);
}
END_TEST

START_TEST(the_hosts_mask_is_as_it_was)
{
    sigset_t before;
    sigset_t after;
    int fd = broken_pipe();
    sigprocmask(SIG_BLOCK, NULL, &before);
    write_into(fd);
    sigprocmask(SIG_BLOCK, NULL, &after);
    for (int signal = 1; signal < NSIG; signal++) {
        ck_assert_int_eq(sigismember(&before, signal), sigismember(&after, signal));
    }
    close(fd);
}
END_TEST

TCase *quiet_write_case(void);
TCase *quiet_write_case(void)
{
    TCase *test = tcase_create("quiet_write");
    tcase_add_test(test, no_signal_reaches_the_host);
    tcase_add_test(test, the_default_disposition_does_not_kill);
    tcase_add_test(test, a_pending_one_of_the_hosts_stays);
    tcase_add_test(test, the_hosts_mask_is_as_it_was);
    return test;
}
