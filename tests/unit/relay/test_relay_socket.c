/* The relay of a worker that connects; _i: OVER_UNIX, OVER_TCP. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "listener_world.h"

static void teardown(void)
{
    world_free();
}

START_TEST(a_worker_is_known_by_its_handshake_and_served)
{
    world_make(_i, 20000);
    ck_assert(!relay_connected(world.relay));
    ck_assert_uint_eq(relay_unwritten(world.relay), 0);
    struct relay_child child = relay_child(world.relay);
    ck_assert_int_eq(child.input, -1);
    ck_assert_int_eq(child.output, -1);
    ck_assert_uint_eq(child.fd_count, 0);
    if (world_fork_worker() == 0) {
        world_be_worker();
    }
    world_expect_service();
    ck_assert_str_eq(world.log, "");
}
END_TEST

START_TEST(what_a_wrapper_started_is_the_worker)
{
    world_make(_i, 20000);
    if (world_fork_worker() == 0) {
        setpgid(0, 0); /* as the launcher does */
        if (fork() == 0) {
            world_be_worker();
        }
        wait(NULL);
        _exit(0);
    }
    setpgid(world.worker, world.worker);
    world_expect_service();
    ck_assert_int_ne(world.pid, world.worker);
}
END_TEST

START_TEST(a_stop_before_there_is_a_connection_is_not_lost)
{
    world_make(_i, 20000);
    if (world_fork_worker() == 0) {
        char came[64] = "";
        int fd = world_connect();
        world_answer(fd, getpid());
        ssize_t got = recv(fd, came, 12 + 13, MSG_WAITALL);
        world_reply(fd, got == 25 && memcmp(came + 12, "{\"stop\":true}", 13) == 0 ? "stopped"
                                                                                   : "no stop");
        _exit(0);
    }
    ck_assert_int_eq(relay_send_stop(world.relay, NULL), 0);
    world_until(world_has_ended);
    ck_assert_str_eq(world.body, "stopped");
    ck_assert_int_eq(world.status, STATUS_OK);
}
END_TEST

/* What was not read when it died comes back as a reset. */
START_TEST(a_death_with_bytes_unread_is_a_plain_end)
{
    world_make(_i, 20000);
    if (world_fork_worker() == 0) {
        int fd = world_connect();
        world_answer(fd, getpid());
        char byte;
        ck_assert_int_eq(recv(fd, &byte, 1, MSG_PEEK), 1);
        world_reply(fd, "last words");
        _exit(0);
    }
    world_until(world_is_connected);
    struct payload payload = {{NULL, 0}, bytes_of_text("never read")};
    relay_send(world.relay, &payload, NULL);
    world_until(world_has_ended);
    ck_assert_int_eq(world.status, STATUS_OK);
    ck_assert_str_eq(world.reason, "");
    ck_assert_str_eq(world.body, "last words");
}
END_TEST

START_TEST(a_drain_finds_what_a_dead_worker_left_behind)
{
    world_make(_i, 20000);
    if (world_fork_worker() == 0) {
        int fd = world_connect();
        world_answer(fd, getpid());
        for (int i = 0; i < 50; i++) {
            world_reply(fd, "left behind");
        }
        _exit(0);
    }
    world_until(world_is_connected);
    int status = -1;
    ck_assert_int_eq(waitpid(world.worker, &status, 0), world.worker);
    world.worker = 0;
    relay_drain(world.relay);
    ck_assert_int_eq(world.messages, 1 + 50);
    ck_assert_int_eq(world.ends, 1);
}
END_TEST

START_TEST(a_drain_does_not_wait_for_a_grandchild)
{
    world_make(_i, 20000);
    int hold[2];
    ck_assert_int_eq(pipe(hold), 0);
    if (world_fork_worker() == 0) {
        int fd = world_connect();
        world_answer(fd, getpid());
        if (fork() == 0) {
            char byte;
            close(hold[1]);
            ssize_t ignored = read(hold[0], &byte, 1); /* until the test is over */
            (void)ignored;
            _exit(0);
        }
        world_reply(fd, "left behind");
        _exit(0);
    }
    world_until(world_is_connected);
    ck_assert_int_eq(waitpid(world.worker, NULL, 0), world.worker);
    world.worker = 0;
    relay_drain(world.relay);
    ck_assert_str_eq(world.body, "left behind");
    ck_assert_int_eq(world.ends, 0);
    close(hold[0]);
    close(hold[1]);
}
END_TEST

/* Where the kernel says whose it is, the worker's death shall say what came. */
START_TEST(nonsense_is_the_known_workers_own)
{
    world_make(OVER_UNIX, 20000);
    if (world_fork_worker() == 0) {
        int fd = world_connect();
        const char noise[] = "Warning: something\n";
        ck_assert_int_gt(send(fd, noise, sizeof noise - 1, MSG_NOSIGNAL), 0);
        world_read_all(fd);
        _exit(0);
    }
    world_until(world_has_ended);
    ck_assert_int_eq(world.status, STATUS_EPROTOCOL);
    ck_assert_ptr_nonnull(strstr(world.reason, "PHP printed a warning"));
    ck_assert(!relay_connected(world.relay));
}
END_TEST

START_TEST(a_worker_that_hangs_up_may_come_again)
{
    world_make(_i, 20000);
    if (world_fork_worker() == 0) {
        close(world_connect());
        world_be_worker();
    }
    world_expect_service();
}
END_TEST

START_TEST(descriptors_that_have_run_out_come_back)
{
    world_make(_i, 20000);
    struct rlimit before;
    getrlimit(RLIMIT_NOFILE, &before);
    if (world_fork_worker() == 0) {
        world_be_worker();
    }
    int next = dup(0);
    close(next);
    struct rlimit none = {(rlim_t)next, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    world_until(world_has_logged);
    ck_assert_ptr_nonnull(strstr(world.log, "Too many open files"));
    /* it waits, and does not spin: within a moment there are few steps */
    int64_t end = clock_after(250);
    int steps = 0;
    while (loop_step(world.loop, end, NULL) == STATUS_OK) {
        steps++;
    }
    ck_assert_int_lt(steps, 50);
    setrlimit(RLIMIT_NOFILE, &before);
    world_expect_service();
}
END_TEST

/* The child frees its copy: the parent's socket, file and connections stay. */
START_TEST(a_fork_of_the_host_touches_nothing)
{
    world_make(_i, 20000);
    if (world_fork_worker() == 0) {
        world_be_worker();
    }
    world_until(world_is_connected);
    pid_t fork_of_host = fork();
    if (fork_of_host == 0) {
        relay_free(world.relay);
        relay_listener_free(world.listener);
        loop_free(world.loop);
        _exit(0);
    }
    int status = -1;
    ck_assert_int_eq(waitpid(fork_of_host, &status, 0), fork_of_host);
    ck_assert_int_eq(status, 0);
    close(world_connect());
    world_expect_service();
}
END_TEST

START_TEST(the_file_goes_with_the_listener)
{
    struct stat file;
    world_make(OVER_UNIX, 20000);
    char path[64];
    snprintf(path, sizeof path, "%s", relay_child(world.relay).address + 7);
    ck_assert_int_eq(lstat(path, &file), 0);
    relay_free(world.relay);
    relay_listener_free(world.listener);
    world.relay = NULL;
    world.listener = NULL;
    ck_assert_int_eq(lstat(path, &file), -1);
    ck_assert_int_eq(errno, ENOENT);
}
END_TEST

TCase *relay_socket_case(void);
TCase *relay_socket_case(void)
{
    TCase *test = tcase_create("relay_socket");
    tcase_set_timeout(test, 30);
    tcase_add_checked_fixture(test, NULL, teardown);
    tcase_add_loop_test(test, a_worker_is_known_by_its_handshake_and_served, 0, OVER_COUNT);
    tcase_add_loop_test(test, what_a_wrapper_started_is_the_worker, 0, OVER_COUNT);
    tcase_add_loop_test(test, a_stop_before_there_is_a_connection_is_not_lost, 0, OVER_COUNT);
    tcase_add_loop_test(test, a_death_with_bytes_unread_is_a_plain_end, 0, OVER_COUNT);
    tcase_add_loop_test(test, a_drain_finds_what_a_dead_worker_left_behind, 0, OVER_COUNT);
    tcase_add_loop_test(test, a_drain_does_not_wait_for_a_grandchild, 0, OVER_COUNT);
    tcase_add_test(test, nonsense_is_the_known_workers_own);
    tcase_add_loop_test(test, a_worker_that_hangs_up_may_come_again, 0, OVER_COUNT);
    tcase_add_loop_test(test, descriptors_that_have_run_out_come_back, 0, OVER_COUNT);
    tcase_add_loop_test(test, a_fork_of_the_host_touches_nothing, 0, OVER_COUNT);
    tcase_add_test(test, the_file_goes_with_the_listener);
    return test;
}
