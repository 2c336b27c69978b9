/* Who connects and is not awaited: turned away with a warning, and the worker is served all the same.
   _i: OVER_UNIX, OVER_TCP. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "listener_world.h"
#include "wire/goridge3.h"

static void teardown(void)
{
    world_free();
}

static void expect_warning(const char *words)
{
    world_until(world_has_logged);
    ck_assert_msg(strstr(world.log, words) != NULL, "\"%s\" is not in: %s", words, world.log);
    ck_assert_ptr_nonnull(strstr(world.log, relay_child(world.relay).address));
    world.log[0] = '\0';
}

/* A process that is of nobody's, does this and expects to be turned away. */
static pid_t stranger(void (*does)(int fd))
{
    pid_t pid = fork();
    if (pid == 0) {
        int fd = world_connect();
        does(fd);
        world_read_all(fd);
        _exit(0);
    }
    return pid;
}

static void expect_turned_away(pid_t pid, const char *words)
{
    char who[32] = "turned away tcp://127.0.0.1:";
    if (strncmp(relay_child(world.relay).address, "unix", 4) == 0) {
        snprintf(who, sizeof who, "turned away pid %d,", (int)pid);
        words = "it is no worker that is awaited";
    }
    world_until(world_has_logged);
    ck_assert_msg(strstr(world.log, who) != NULL, "\"%s\" is not in: %s", who, world.log);
    expect_warning(words);
    int status = -1;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(world.messages, 0);
    ck_assert_int_eq(world.ends, 0);
}

static void expect_worker_served(void)
{
    if (world_fork_worker() == 0) {
        world_be_worker();
    }
    world_expect_service();
}

static void answers_with_its_own_pid(int fd)
{
    world_answer(fd, getpid());
}

static void answers_with_the_awaited_pid(int fd)
{
    world_answer(fd, world.worker);
}

static void speaks_http(int fd)
{
    const char request[] = "GET / HTTP/1.0\r\n\r\n";
    send(fd, request, sizeof request - 1, MSG_NOSIGNAL);
}

static void sends_one(int fd, uint8_t flags, uint8_t stream, uint32_t size)
{
    uint8_t frame[GORIDGE3_HEADER_MAX];
    uint32_t none = 0;
    size_t length = goridge3_header(frame, flags, stream, &none, 1, size);
    send(fd, frame, length, MSG_NOSIGNAL);
}

static void announces_a_large_frame(int fd)
{
    sends_one(fd, 0, 0, 1000000);
}

static void replies_unasked(int fd)
{
    world_reply(fd, "here you are");
}

/* Never a whole message, and each wants an answer that is not read. */
static void pings_without_end(int fd)
{
    for (int i = 0; i < 1000; i++) {
        sends_one(fd, 0, GORIDGE3_STREAM | GORIDGE3_PING, 0);
    }
}

static void says_nothing(int fd)
{
    (void)fd;
}

static const struct {
    void (*does)(int fd);
    const char *words; /* over tcp: there it may speak before it is turned away */
} strangers[] = {
    {answers_with_its_own_pid, "no worker with this pid is awaited"},
    {speaks_http, "GET / HTTP"},
    {announces_a_large_frame, "a frame of 1000000 bytes came, the limit is 4096"},
    {replies_unasked, "it spoke before it had answered the handshake"},
    {pings_without_end, "too many bytes came, and no handshake"},
    {says_nothing, "did not answer the handshake in time (workers.relay_timeout)"},
};

enum { STRANGERS = sizeof strangers / sizeof strangers[0] };

START_TEST(a_stranger_is_turned_away_and_the_worker_served)
{
    int kind = _i / OVER_COUNT;
    world_make(_i % OVER_COUNT, strangers[kind].does == says_nothing ? 200 : 20000);
    expect_turned_away(stranger(strangers[kind].does), strangers[kind].words);
    expect_worker_served();
}
END_TEST

/* It knows whom the server awaits, but the kernel knows who it is. */
START_TEST(a_thief_of_a_pid_is_turned_away_where_the_kernel_tells)
{
    world_make(OVER_UNIX, 20000);
    int go[2];
    ck_assert_int_eq(pipe(go), 0);
    if (world_fork_worker() == 0) {
        char byte;
        ck_assert_int_eq(read(go[0], &byte, 1), 1);
        world_be_worker();
    }
    expect_turned_away(stranger(answers_with_the_awaited_pid), NULL);
    ck_assert_int_eq(write(go[1], "g", 1), 1);
    world_expect_service();
    close(go[0]);
    close(go[1]);
}
END_TEST

START_TEST(a_worker_connects_once)
{
    world_make(_i, 20000);
    if (world_fork_worker() == 0) {
        int fd = world_connect();
        world_answer(fd, getpid());
        int again = world_connect();
        world_answer(again, getpid());
        world_read_all(again);
        world_reply(fd, "the second was closed");
        world_read_all(fd);
        _exit(0);
    }
    world_until(world_is_connected);
    world.messages = 0;
    expect_warning("turned away");
    world_until(world_has_message);
    ck_assert_str_eq(world.body, "the second was closed");
}
END_TEST

/* Of those who only connect there are never more than some; each new one is heard. */
START_TEST(many_who_say_nothing_do_not_keep_the_worker_out)
{
    enum { MANY = 200 };
    int fds[MANY];
    world_make(OVER_TCP, 20000);
    for (int i = 0; i < MANY; i++) {
        fds[i] = world_connect();
    }
    expect_worker_served();
    ck_assert_ptr_nonnull(strstr(world.log, "too many others have connected"));
    for (int i = 0; i < MANY; i++) {
        close(fds[i]);
    }
}
END_TEST

START_TEST(one_that_closes_at_once_is_nothing_to_warn_of)
{
    world_make(OVER_TCP, 20000);
    for (int i = 0; i < 20; i++) {
        close(world_connect());
    }
    expect_worker_served();
    ck_assert_str_eq(world.log, "");
}
END_TEST

TCase *strangers_case(void);
TCase *strangers_case(void)
{
    TCase *test = tcase_create("strangers");
    tcase_set_timeout(test, 30);
    tcase_add_checked_fixture(test, NULL, teardown);
    tcase_add_loop_test(test, a_stranger_is_turned_away_and_the_worker_served, 0,
                        STRANGERS * OVER_COUNT);
    tcase_add_test(test, a_thief_of_a_pid_is_turned_away_where_the_kernel_tells);
    tcase_add_loop_test(test, a_worker_connects_once, 0, OVER_COUNT);
    tcase_add_test(test, many_who_say_nothing_do_not_keep_the_worker_out);
    tcase_add_test(test, one_that_closes_at_once_is_nothing_to_warn_of);
    return test;
}
