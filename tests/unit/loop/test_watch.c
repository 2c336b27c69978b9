#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "loop/loop.h"
#include "suite.h"

struct reader {
    struct loop_watch watch;
    struct reader *stops; /* another one, stopped in the callback */
    int calls;
};

static struct loop *loop;
static int ends[2];
static int more[2];

static void setup(void)
{
    loop = loop_new(NULL);
    ck_assert_ptr_nonnull(loop);
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    ck_assert_int_eq(pipe2(more, O_CLOEXEC | O_NONBLOCK), 0);
}

static void teardown(void)
{
    loop_free(loop);
    for (int i = 0; i < 2; i++) {
        close(ends[i]);
        close(more[i]);
    }
}

static bool fd_is_readable(void)
{
    struct pollfd look = {.fd = loop_fd(loop), .events = POLLIN};
    return poll(&look, 1, 0) == 1;
}

static void reader_ready(struct loop_watch *watch, uint32_t events)
{
    struct reader *reader = container_of(watch, struct reader, watch);
    (void)events;
    reader->calls++;
    if (reader->stops != NULL) {
        loop_watch_stop(&reader->stops->watch);
    }
}

START_TEST(one_descriptor_tells_the_truth)
{
    struct reader reader = {.watch = {.ready = reader_ready}};
    ck_assert_int_eq(loop_watch_start(loop, &reader.watch, ends[0], EPOLLIN, NULL), 0);
    ck_assert(!fd_is_readable());
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_ETIMEOUT);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    ck_assert(fd_is_readable());
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_OK);
    ck_assert_int_eq(reader.calls, 1);
    loop_watch_stop(&reader.watch);
    loop_watch_stop(&reader.watch);
    ck_assert(!fd_is_readable());
}
END_TEST

START_TEST(a_watch_stopped_by_a_neighbour_is_not_called)
{
    struct reader first = {.watch = {.ready = reader_ready}};
    struct reader second = {.watch = {.ready = reader_ready}, .stops = &first};
    first.stops = &second;
    ck_assert_int_eq(loop_watch_start(loop, &first.watch, ends[0], EPOLLIN, NULL), 0);
    ck_assert_int_eq(loop_watch_start(loop, &second.watch, more[0], EPOLLIN, NULL), 0);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    ck_assert_int_eq(write(more[1], "x", 1), 1);
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_OK);
    ck_assert_int_eq(first.calls + second.calls, 1);
}
END_TEST

struct counted_task {
    struct loop_task task;
    struct loop_task *posts;
    int runs;
};

static void counted_run(struct loop_task *task)
{
    struct counted_task *counted = container_of(task, struct counted_task, task);
    counted->runs++;
    if (counted->posts != NULL) {
        loop_task_post(loop, counted->posts);
    }
}

START_TEST(tasks_make_the_descriptor_readable_until_they_have_run)
{
    struct counted_task task = {.task = {.run = counted_run}};
    loop_task_post(loop, &task.task);
    loop_task_post(loop, &task.task);
    ck_assert(fd_is_readable());
    ck_assert_int_eq(loop_step(loop, CLOCK_NEVER, NULL), STATUS_OK);
    ck_assert_int_eq(task.runs, 1);
    ck_assert(!fd_is_readable());
    loop_task_post(loop, &task.task);
    loop_task_stop(&task.task);
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_ETIMEOUT);
    ck_assert_int_eq(task.runs, 1);
}
END_TEST

START_TEST(a_task_that_posts_itself_does_not_hold_the_step)
{
    struct counted_task task = {.task = {.run = counted_run}};
    task.posts = &task.task;
    loop_task_post(loop, &task.task);
    ck_assert_int_eq(loop_step(loop, CLOCK_NEVER, NULL), STATUS_OK);
    ck_assert_int_gt(task.runs, 0);
    ck_assert(fd_is_readable());
    loop_task_stop(&task.task);
}
END_TEST

START_TEST(a_task_that_is_run_takes_those_it_posts_along_and_no_watch)
{
    struct reader reader = {.watch = {.ready = reader_ready}};
    ck_assert_int_eq(loop_watch_start(loop, &reader.watch, ends[0], EPOLLIN, NULL), 0);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    struct counted_task last = {.task = {.run = counted_run}};
    struct counted_task task = {.task = {.run = counted_run}, .posts = &last.task};
    loop_task_post(loop, &task.task);
    loop_task_run(loop, &task.task);
    ck_assert_int_eq(task.runs, 1);
    ck_assert_int_eq(last.runs, 1);
    ck_assert_int_eq(reader.calls, 0);
    pid_t pid = fork();
    if (pid == 0) {
        loop_task_run(loop, &task.task);
        _exit(task.runs);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(WEXITSTATUS(status), 1);
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_OK);
    ck_assert_int_eq(reader.calls, 1);
    loop_watch_stop(&reader.watch);
    ck_assert(!fd_is_readable());
}
END_TEST

START_TEST(a_fork_leaves_the_parents_watches_alone)
{
    struct reader reader = {.watch = {.ready = reader_ready}};
    ck_assert_int_eq(loop_watch_start(loop, &reader.watch, ends[0], EPOLLIN, NULL), 0);
    pid_t pid = fork();
    if (pid == 0) {
        bool refused = loop_step(loop, 0, NULL) == STATUS_EFORKED;
        loop_watch_stop(&reader.watch);
        loop_free(loop);
        _exit(refused ? 0 : 1);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_OK);
    ck_assert_int_eq(reader.calls, 1);
}
END_TEST

TCase *watch_case(void);
TCase *watch_case(void)
{
    TCase *test = tcase_create("watch");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, one_descriptor_tells_the_truth);
    tcase_add_test(test, a_watch_stopped_by_a_neighbour_is_not_called);
    tcase_add_test(test, tasks_make_the_descriptor_readable_until_they_have_run);
    tcase_add_test(test, a_task_that_posts_itself_does_not_hold_the_step);
    tcase_add_test(test, a_task_that_is_run_takes_those_it_posts_along_and_no_watch);
    tcase_add_test(test, a_fork_leaves_the_parents_watches_alone);
    return test;
}
