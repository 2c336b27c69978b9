/* Process 1 of a pid namespace of its own, which takes root or an unprivileged user namespace. What runs
   in it tells by its exit code: 0, or a number that the line of what went wrong has. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server_init.h"
#include "suite.h"

/* Of the server. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            return 1 + __LINE__ % 120;                                                             \
        }                                                                                          \
    } while (0)

enum { OTHER = 60001, FAILED = 250 };

/* --- the container --- */

static pid_t clone_into(unsigned long flags)
{
    return (pid_t)syscall(SYS_clone, flags | CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
}

/* Runs `server` under an init; what process 1 exits with. `before` runs in process 1. */
static int run(void (*before)(void), int (*server)(void))
{
    int status = 0;
    pid_t pid = clone_into(0);
    if (pid < 0) {
        pid = clone_into(CLONE_NEWUSER);
    }
    if (pid == 0) {
        struct server_init init;
        struct error error = {0};
        if (before != NULL) {
            before();
        }
        if (server_init_enter(&init, &error) != STATUS_OK) {
            bool told = error.status == STATUS_ESYSTEM &&
                        strstr(error_text(&error), "process 1 can't start the server") != NULL;
            _exit(told ? FAILED : FAILED + 1);
        }
        _exit(init.server != 0 ? init.code : server_init_is_above() ? server() : FAILED + 2);
    }
    ck_assert_msg(pid > 0,
                  "no pid namespace can be made here: run the tests as root, or allow unprivileged "
                  "user namespaces: %s",
                  strerror(errno));
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFEXITED(status), "process 1 ended by signal %d", WTERMSIG(status));
    return WEXITSTATUS(status);
}

/* --- how it ends --- */

static int exits_well(void)
{
    return 0;
}

static int exits_badly(void)
{
    return 7;
}

static int is_killed(void)
{
    kill(getpid(), SIGKILL);
    return pause();
}

static int is_terminated(void)
{
    signal(SIGTERM, SIG_DFL); /* Check has a handler for it */
    kill(1, SIGTERM);
    return pause();
}

START_TEST(the_exit_code_is_the_servers)
{
    ck_assert_int_eq(run(NULL, exits_well), 0);
    ck_assert_int_eq(run(NULL, exits_badly), 7);
    ck_assert_int_eq(run(NULL, is_killed), 128 + SIGKILL);
    ck_assert_int_eq(run(NULL, is_terminated), 128 + SIGTERM);
}
END_TEST

START_TEST(any_other_process_goes_on)
{
    struct server_init init = {.server = 1};
    ck_assert_int_eq(server_init_enter(&init, NULL), STATUS_OK);
    ck_assert_int_eq(init.server, 0);
    ck_assert(!server_init_is_above());
}
END_TEST

static void allow_no_more_processes(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_NPROC, &none);
    if (geteuid() == 0 && setuid(OTHER) != 0) { /* whom the limit holds for */
        _exit(FAILED + 3);
    }
}

START_TEST(a_fork_that_fails_is_told)
{
    ck_assert_int_eq(run(allow_no_more_processes, exits_well), FAILED);
}
END_TEST

/* --- what the server finds --- */

static void block_and_ignore(void)
{
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR2);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

static int finds_all_as_it_was(void)
{
    sigset_t mask;
    struct sigaction child;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    sigaction(SIGCHLD, NULL, &child);
    for (int i = 1; i < SIGRTMAX; i++) {
        MUST(sigismember(&mask, i) != 1 || i == SIGUSR2);
    }
    MUST(sigismember(&mask, SIGUSR2) == 1);
    MUST(child.sa_handler == SIG_IGN);
    MUST(signal(SIGHUP, SIG_DFL) == SIG_IGN);
    MUST(signal(SIGTTOU, SIG_DFL) == SIG_DFL);
    MUST(getppid() == 1);
    return 9;
}

START_TEST(the_server_finds_its_signals_as_they_were)
{
    ck_assert_int_eq(run(block_and_ignore, finds_all_as_it_was), 9);
}
END_TEST

/* --- signals --- */

static bool next_signal(const sigset_t *of, siginfo_t *got)
{
    const struct timespec limit = {.tv_sec = 20};
    return sigtimedwait(of, got, &limit) > 0;
}

static sigset_t block_all(void)
{
    sigset_t all;
    sigfillset(&all);
    sigdelset(&all, SIGCHLD);
    sigprocmask(SIG_SETMASK, &all, NULL);
    return all;
}

enum { BURST = 200 };

static void send_all(void)
{
    for (int i = 0; i < BURST; i++) {
        sigqueue(1, SIGRTMIN + 1, (union sigval){.sival_int = i});
    }
    sigqueue(1, SIGRTMIN + 2, (union sigval){.sival_int = -5});
    kill(1, SIGRTMIN + 3);
}

static int gets_what_was_sent(void)
{
    sigset_t all = block_all();
    siginfo_t got;
    pid_t sender = fork();
    if (sender == 0) {
        send_all();
        _exit(0);
    }
    for (int i = 0; i < BURST; i++) {
        MUST(next_signal(&all, &got));
        MUST(got.si_signo == SIGRTMIN + 1 && got.si_code == SI_QUEUE);
        MUST(got.si_value.sival_int == i && got.si_pid == sender && got.si_uid == getuid());
    }
    MUST(next_signal(&all, &got) && got.si_signo == SIGRTMIN + 2);
    MUST(got.si_value.sival_int == -5 && got.si_pid == sender);
    MUST(next_signal(&all, &got) && got.si_signo == SIGRTMIN + 3);
    MUST(got.si_value.sival_int == 0 && got.si_pid == sender);
    MUST(waitpid(sender, NULL, 0) == sender);
    return 0;
}

START_TEST(queued_signals_keep_value_order_and_sender)
{
    ck_assert_int_eq(run(NULL, gets_what_was_sent), 0);
}
END_TEST

/* Also those whose default is to be ignored, or that the kernel keeps from process 1. */
static int gets_all_kinds(void)
{
    sigset_t all = block_all();
    siginfo_t got;
    for (int i = 1; i <= SIGRTMAX; i++) {
        bool can_be_sent =
            i != SIGKILL && i != SIGSTOP && i != SIGCHLD && (i < 32 || i >= SIGRTMIN);
        if (can_be_sent) {
            MUST(kill(1, i) == 0);
            MUST(next_signal(&all, &got));
            MUST(got.si_signo == i && got.si_pid == getpid());
        }
    }
    return 0;
}

START_TEST(every_signal_that_can_be_caught_is_forwarded)
{
    ck_assert_int_eq(run(NULL, gets_all_kinds), 0);
}
END_TEST

static void allow_no_queue(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_SIGPENDING, &none);
}

static int gets_them_without_a_queue(void)
{
    sigset_t all = block_all();
    siginfo_t got;
    MUST(kill(1, SIGRTMIN) == 0 && next_signal(&all, &got) && got.si_signo == SIGRTMIN);
    MUST(kill(1, SIGTERM) == 0 && next_signal(&all, &got) && got.si_signo == SIGTERM);
    return 0;
}

START_TEST(a_full_queue_loses_no_signal)
{
    ck_assert_int_eq(run(allow_no_queue, gets_them_without_a_queue), 0);
}
END_TEST

enum { STOPS = 500 };

static int is_stopped_and_goes_on(void)
{
    pid_t server = getpid();
    if (fork() == 0) {
        for (int i = 0; i < STOPS; i++) { /* some are undone before they take effect */
            kill(server, SIGSTOP);
            kill(1, SIGCONT);
            sched_yield();
        }
        _exit(0);
    }
    MUST(wait(NULL) > 0);
    return 3;
}

START_TEST(a_stopped_server_has_not_ended)
{
    ck_assert_int_eq(run(NULL, is_stopped_and_goes_on), 3);
}
END_TEST

/* --- a terminal --- */

static int terminal = -1;
static int ready[2];

static void lead_a_session(void)
{
    int slave = -1;
    if (setsid() < 0 || (slave = open(ptsname(terminal), O_RDWR)) < 0 ||
        ioctl(slave, TIOCSCTTY, 0) != 0) {
        _exit(FAILED + 4);
    }
}

/* Ctrl-C is the whole group's: were it forwarded, it would be here before what is sent after it. */
static int gets_one_interrupt(void)
{
    sigset_t all = block_all();
    siginfo_t got;
    MUST(write(ready[1], "r", 1) == 1);
    MUST(next_signal(&all, &got) && got.si_signo == SIGINT && got.si_code == SI_KERNEL);
    MUST(kill(1, SIGUSR1) == 0);
    MUST(next_signal(&all, &got) && got.si_signo == SIGUSR1);
    MUST(kill(1, SIGINT) == 0); /* and one that was sent to process 1 is */
    MUST(next_signal(&all, &got) && got.si_signo == SIGINT && got.si_pid == getpid());
    return 0;
}

/* Presses Ctrl-C once the server is ready. */
static pid_t fork_user(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        char byte;
        _exit(read(ready[0], &byte, 1) == 1 && write(terminal, "\003", 1) == 1 ? pause() : 1);
    }
    return pid;
}

START_TEST(a_terminals_signals_come_once)
{
    terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    ck_assert_int_ge(terminal, 0);
    ck_assert_int_eq(unlockpt(terminal), 0);
    ck_assert_int_eq(pipe2(ready, O_CLOEXEC), 0);
    pid_t user = fork_user();
    ck_assert_int_eq(run(lead_a_session, gets_one_interrupt), 0);
    kill(user, SIGKILL);
    waitpid(user, NULL, 0);
    close(terminal);
}
END_TEST

/* --- orphans --- */

enum { ORPHANS = 100 };

static bool is_reaped(pid_t pid)
{
    for (int tries = 0; tries < 4000; tries++) {
        if (kill(pid, 0) != 0 && errno == ESRCH) {
            return true;
        }
        poll(NULL, 0, 5);
    }
    return false;
}

static int leaves_orphans(void)
{
    int told[2];
    pid_t orphans[ORPHANS];
    MUST(pipe2(told, O_CLOEXEC) == 0);
    pid_t own = fork();
    if (own == 0) {
        _exit(5);
    }
    pid_t between = fork();
    if (between == 0) {
        for (int i = 0; i < ORPHANS; i++) {
            orphans[i] = fork();
            if (orphans[i] == 0) {
                _exit(i);
            }
        }
        _exit(write(told[1], orphans, sizeof orphans) == sizeof orphans ? 6 : 1);
    }
    int status = 0;
    MUST(waitpid(between, &status, 0) == between && WEXITSTATUS(status) == 6);
    MUST(read(told[0], orphans, sizeof orphans) == sizeof orphans);
    for (int i = 0; i < ORPHANS; i++) {
        MUST(is_reaped(orphans[i]));
    }
    /* which has waited for us, and nobody has taken it */
    MUST(waitpid(own, &status, 0) == own && WEXITSTATUS(status) == 5);
    return 0;
}

START_TEST(orphans_are_reaped_and_the_servers_own_children_are_not)
{
    ck_assert_int_eq(run(NULL, leaves_orphans), 0);
}
END_TEST

TCase *server_init_case(void);
TCase *server_init_case(void)
{
    TCase *test = tcase_create("server init");
    tcase_set_timeout(test, 60);
    tcase_add_test(test, the_exit_code_is_the_servers);
    tcase_add_test(test, any_other_process_goes_on);
    tcase_add_test(test, a_fork_that_fails_is_told);
    tcase_add_test(test, the_server_finds_its_signals_as_they_were);
    tcase_add_test(test, queued_signals_keep_value_order_and_sender);
    tcase_add_test(test, every_signal_that_can_be_caught_is_forwarded);
    tcase_add_test(test, a_full_queue_loses_no_signal);
    tcase_add_test(test, a_stopped_server_has_not_ended);
    tcase_add_test(test, a_terminals_signals_come_once);
    tcase_add_test(test, orphans_are_reaped_and_the_servers_own_children_are_not);
    return test;
}
