#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "loop/loop_child.h"
#include "suite.h"

struct watched {
    struct loop_child child;
    struct loop_exit exit;
    int ends;
};

static struct loop *loop;

static void setup(void)
{
    loop = loop_new(NULL);
}

static void teardown(void)
{
    loop_free(loop);
}

static void watched_exited(struct loop_child *child, const struct loop_exit *exit)
{
    struct watched *watched = container_of(child, struct watched, child);
    watched->exit = *exit;
    watched->ends++;
}

static pid_t spawn(int kept, int status)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (status >= 0) {
            _exit(status);
        }
        (void)kept;
        for (;;) {
            pause();
        }
    }
    return pid;
}

static void wait_for_end(struct watched *watched)
{
    while (watched->ends == 0) {
        ck_assert_int_eq(loop_step(loop, clock_after(20000), NULL), STATUS_OK);
    }
}

/* _i 0: by pidfd, 1: by the pipe that stands in for it. */
static void watch_spawned(struct watched *watched, int by_pipe, int status)
{
    int ends[2] = {-1, -1};
    if (by_pipe) {
        ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    }
    pid_t pid = spawn(ends[1], status);
    if (by_pipe) {
        close(ends[1]);
    }
    watched->child.exited = watched_exited;
    loop_child_watch(loop, &watched->child, pid, ends[0]);
}

START_TEST(tells_the_exit_status)
{
    struct watched watched = {0};
    watch_spawned(&watched, _i, 3);
    wait_for_end(&watched);
    ck_assert(watched.exit.known);
    ck_assert_int_eq(watched.exit.status, 3);
    ck_assert_int_eq(watched.exit.signal, 0);
}
END_TEST

START_TEST(tells_the_signal)
{
    struct watched watched = {0};
    watch_spawned(&watched, _i, -1);
    ck_assert_int_eq(loop_child_signal(&watched.child, SIGKILL), 0);
    wait_for_end(&watched);
    ck_assert(watched.exit.known);
    ck_assert_int_eq(watched.exit.signal, SIGKILL);
    ck_assert_int_ne(loop_child_signal(&watched.child, SIGKILL), 0);
}
END_TEST

START_TEST(a_host_that_ignores_sigchld_hides_the_status_but_not_the_end)
{
    struct watched watched = {0};
    signal(SIGCHLD, SIG_IGN);
    watch_spawned(&watched, _i, 3);
    wait_for_end(&watched);
    signal(SIGCHLD, SIG_DFL);
    ck_assert(!watched.exit.known);
}
END_TEST

START_TEST(a_stopped_watch_leaves_the_child_to_its_owner)
{
    struct watched watched = {0};
    watch_spawned(&watched, _i, 5);
    pid_t pid = watched.child.pid;
    loop_child_stop(&watched.child);
    loop_child_stop(&watched.child);
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(WEXITSTATUS(status), 5);
    ck_assert_int_eq(watched.ends, 0);
}
END_TEST

START_TEST(what_epoll_refuses_to_watch_is_looked_at_all_the_same)
{
    struct watched watched = {.child = {.exited = watched_exited}};
    int unwatchable = open("/dev/null", O_RDONLY | O_CLOEXEC);
    loop_child_watch(loop, &watched.child, spawn(-1, 3), unwatchable);
    wait_for_end(&watched);
    ck_assert(watched.exit.known);
    ck_assert_int_eq(watched.exit.status, 3);
    ck_assert_int_eq(fcntl(unwatchable, F_GETFD), -1);
}
END_TEST

/* A daemon that closes all it did not open: the library is a guest of such, too. */
START_TEST(a_host_that_closes_its_descriptor_does_not_hide_the_end)
{
    struct watched watched = {0};
    watch_spawned(&watched, 0, -1);
    int pidfd = watched.child.pidfd;
    ck_assert_int_eq(close(pidfd), 0);
    if (_i == 1) { /* and has something else there by now */
        ck_assert_int_eq(open("/dev/null", O_RDONLY | O_CLOEXEC), pidfd);
    }
    ck_assert_int_eq(loop_child_signal(&watched.child, SIGKILL), 0);
    wait_for_end(&watched);
    ck_assert(watched.exit.known);
    ck_assert_int_eq(watched.exit.signal, SIGKILL);
    ck_assert_int_eq(close(pidfd), _i == 1 ? 0 : -1); /* what is there now is not ours to close */
}
END_TEST

START_TEST(what_is_reaped_at_the_end_needs_no_descriptor)
{
    struct watched watched = {0};
    watch_spawned(&watched, 0, -1);
    pid_t pid = watched.child.pid;
    ck_assert_int_eq(close(watched.child.pidfd), 0);
    ck_assert_int_eq(loop_child_signal(&watched.child, SIGKILL), 0);
    loop_child_reap(&watched.child);
    ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), -1);
    loop_child_stop(&watched.child);
}
END_TEST

START_TEST(a_discarded_child_leaves_no_zombie)
{
    pid_t pid = spawn(-1, 127);
    loop_child_discard(pid);
    ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), -1);
    loop_child_discard(pid); /* somebody else was quicker */
}
END_TEST

TCase *child_case(void);
TCase *child_case(void)
{
    TCase *test = tcase_create("child");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_loop_test(test, tells_the_exit_status, 0, 2);
    tcase_add_loop_test(test, tells_the_signal, 0, 2);
    tcase_add_loop_test(test, a_host_that_ignores_sigchld_hides_the_status_but_not_the_end, 0, 2);
    tcase_add_loop_test(test, a_stopped_watch_leaves_the_child_to_its_owner, 0, 2);
    tcase_add_test(test, what_epoll_refuses_to_watch_is_looked_at_all_the_same);
    tcase_add_loop_test(test, a_host_that_closes_its_descriptor_does_not_hide_the_end, 0, 2);
    tcase_add_test(test, what_is_reaped_at_the_end_needs_no_descriptor);
    tcase_add_test(test, a_discarded_child_leaves_no_zombie);
    return test;
}
