#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "fixture.h"

static int worker_pid(void)
{
    return atoi(exec(NULL, "pid")->payload.body.data);
}

START_TEST(an_exit_amid_a_job_is_explained)
{
    settings.num_workers = 1;
    start_pool();
    int pid = worker_pid();
    const struct reply *reply = exec(NULL, "exit 3");
    expect_failure(reply, OUTCOME_CRASHED, true, "exited with status 3");
    expect_failure(reply, OUTCOME_CRASHED, true, "it said: leaving with 3");
    ck_assert_int_eq(reply->pid, pid);
    ck_assert_int_ne(worker_pid(), pid);
}
END_TEST

START_TEST(a_fatal_error_is_quoted)
{
    start_pool();
    expect_failure(exec(NULL, "fatal all is lost"), OUTCOME_CRASHED, true, "all is lost");
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(a_signal_is_named)
{
    start_pool();
    expect_failure(exec(NULL, "kill"), OUTCOME_CRASHED, true, "signal 9");
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(a_death_amid_an_answer_is_told_with_its_cause)
{
    start_pool();
    const struct reply *reply = exec(NULL, "cut");
    expect_failure(reply, OUTCOME_CRASHED, true, "was ended by signal 9");
    expect_failure(reply, OUTCOME_CRASHED, true, "inside a frame");
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(an_answer_to_what_was_not_read_is_none)
{
    /* the job's bytes are the submitter's again with its outcome: they must not be written on */
    size_t size = 8 * 1024 * 1024;
    char *body = calloc(1, size);
    use_script("hasty.php");
    settings.num_workers = 1;
    start_pool();
    expect_failure(exec_payload((struct payload){{NULL, 0}, {body, size}}), OUTCOME_CRASHED, true,
                   "answered without having been asked");
    free(body);
}
END_TEST

START_TEST(a_worker_that_has_become_deaf_does_not_keep_a_job)
{
    settings.num_workers = 1;
    start_pool();
    expect_body(exec(NULL, "deaf"), "deaf");
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(an_idle_worker_that_is_killed_is_replaced)
{
    settings.num_workers = 1;
    start_pool();
    int pid = worker_pid();
    kill(pid, SIGKILL);
    ck_assert(log_has("was ended by signal 9"));
    ck_assert_int_ne(worker_pid(), pid);
}
END_TEST

START_TEST(garbage_is_quoted_and_costs_the_worker)
{
    start_pool();
    const struct reply *reply = exec(NULL, "garbage this is no frame at all");
    expect_failure(reply, OUTCOME_CRASHED, true, "broke the protocol");
    expect_failure(reply, OUTCOME_CRASHED, true, "this is no");
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(a_second_answer_is_not_taken_for_the_next_jobs)
{
    settings.num_workers = 1;
    start_pool();
    expect_body(exec(NULL, "twice"), "one");
    ck_assert(log_has("answered without having been asked"));
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(a_second_answer_is_not_that_of_a_job_that_waits_for_the_worker)
{
    char flag[] = "/tmp/coyote-twice-XXXXXX";
    int fd = mkstemp(flag);
    ck_assert_int_ge(fd, 0);
    close(fd);
    unlink(flag);
    char body[64];
    snprintf(body, sizeof body, "twice %s", flag);
    settings.num_workers = 1;
    start_pool();
    struct payload first = {{NULL, 0}, bytes_of_text(body)};
    struct payload second = {{NULL, 0}, bytes_of_text("mine")};
    pool_host_submit(host, &first, NULL, NULL);
    pool_host_submit(host, &second, NULL, NULL);
    for (int tries = 0; access(flag, F_OK) != 0; tries++) { /* without a step of the pool */
        ck_assert_int_lt(tries, 20000);
        usleep(1000);
    }
    unlink(flag);
    const char *expected[] = {"one", "mine"};
    for (uint64_t id = 1; id <= 2; id++) {
        struct taken_reply *reply;
        ck_assert_int_eq(pool_host_next(host, id, 20000, &reply, NULL), STATUS_OK);
        expect_body(&reply->reply, expected[id - 1]);
        taken_reply_free(reply);
    }
    ck_assert(log_has("answered without having been asked"));
}
END_TEST

START_TEST(a_worker_that_closes_its_relay_does_not_stay)
{
    start_pool();
    expect_failure(exec(NULL, "close"), OUTCOME_CRASHED, true, "closed its relay");
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(a_grandchild_with_the_pipes_does_not_hide_a_death)
{
    settings.num_workers = 1;
    start_pool();
    int grandchild = atoi(exec(NULL, "grandchild")->payload.body.data);
    int pid = worker_pid();
    kill(pid, SIGKILL);
    ck_assert(log_has("was ended by signal 9"));
    ck_assert_int_ne(worker_pid(), pid);
    kill(grandchild, SIGKILL);
}
END_TEST

/* The kernel counts the memory of whoever started a process as the process's own. */
START_TEST(the_memory_of_a_large_host_is_not_told_as_its_workers)
{
    enum { BALLAST = 300 * 1024 * 1024 };
    volatile char *ballast = malloc(BALLAST); /* volatile: else nothing needs to be written */
    for (size_t i = 0; i < BALLAST; i += 4096) {
        ballast[i] = 'x';
    }
    start_pool();
    free((void *)(uintptr_t)ballast);
    const struct reply *reply = exec(NULL, "exit 3");
    expect_failure(reply, OUTCOME_CRASHED, true, "exited with status 3");
    ck_assert_ptr_null(strstr(reply->message.data, "of memory"));
    expect_body(exec(NULL, "grow 400"), "grown");
    expect_failure(exec(NULL, "kill"), OUTCOME_CRASHED, true, "of memory");
}
END_TEST

START_TEST(jobs_behind_a_crash_run_elsewhere)
{
    settings.num_workers = 1;
    settings.prefetch = 8;
    start_pool();
    const char *bodies[] = {"first", "exit 1", "third", "fourth", "fifth"};
    for (size_t i = 0; i < 5; i++) {
        struct payload payload = {{NULL, 0}, bytes_of_text(bodies[i])};
        pool_host_submit(host, &payload, NULL, NULL);
    }
    for (uint64_t id = 1; id <= 5; id++) {
        struct taken_reply *reply;
        ck_assert_int_eq(pool_host_next(host, 0, 20000, &reply, NULL), STATUS_OK);
        ck_assert_uint_eq(reply->id, id);
        if (id == 2) {
            expect_failure(&reply->reply, OUTCOME_CRASHED, true, "exited with status 1");
        } else if (id == 1 || !lost_by_tcp(&reply->reply)) {
            expect_body(&reply->reply, bodies[id - 1]);
        }
        taken_reply_free(reply);
    }
}
END_TEST

static void await_size(const char *file, off_t size)
{
    struct stat is = {0};
    for (int tries = 0; stat(file, &is) != 0 || is.st_size < size; tries++) {
        ck_assert_int_lt(tries, 20000); /* without a step of the pool */
        usleep(1000);
    }
}

START_TEST(jobs_that_ran_behind_a_broken_answer_do_not_run_again)
{
    char file[] = "/tmp/coyote-append-XXXXXX";
    int fd = mkstemp(file);
    ck_assert_int_ge(fd, 0);
    close(fd);
    char append[64];
    snprintf(append, sizeof append, "append %s", file);
    settings.num_workers = 1;
    settings.prefetch = 8;
    start_pool();
    const char *bodies[] = {"hello", "mumble this is no frame at all", append, append};
    for (size_t i = 0; i < 4; i++) {
        struct payload payload = {{NULL, 0}, bytes_of_text(bodies[i])};
        pool_host_submit(host, &payload, NULL, NULL);
    }
    await_size(file, 2);
    for (uint64_t id = 1; id <= 4; id++) {
        struct taken_reply *reply;
        ck_assert_int_eq(pool_host_next(host, 0, 20000, &reply, NULL), STATUS_OK);
        ck_assert_uint_eq(reply->id, id);
        if (id == 1) {
            expect_body(&reply->reply, "hello");
        } else {
            expect_failure(&reply->reply, OUTCOME_CRASHED, true, "broke the protocol");
        }
        taken_reply_free(reply);
    }
    expect_body(exec(NULL, "hello"), "hello");
    struct stat is;
    ck_assert_int_eq(stat(file, &is), 0);
    ck_assert_int_eq(is.st_size, 2);
    unlink(file);
}
END_TEST

START_TEST(output_becomes_log_lines_and_never_breaks_the_relay)
{
    start_pool();
    expect_body(exec(NULL, "print an echo"), "printed");
    ck_assert(log_has("and STDERR"));
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(a_worker_holds_its_own_descriptors_alone)
{
    start_pool();
    /* 5 is the directory of /proc that PHP looks at, 6 and 7 are fopen's doubles of 3 and 4, or
       the pipe that stands in for a pidfd */
    const char *fds = exec(NULL, "fds")->payload.body.data;
    ck_assert_msg(strncmp(fds, "0 1 2 3 4", 9) == 0, "open: %s", fds);
    ck_assert_msg(strlen(fds) <= strlen("0 1 2 3 4 5 6 7 8"), "open: %s", fds);
}
END_TEST

START_TEST(a_stop_lets_the_job_end_and_leaves_nobody)
{
    settings.num_workers = 1;
    start_pool();
    int pid = worker_pid();
    struct payload sleeper = {{NULL, 0}, bytes_of_text("sleep 300")};
    pool_host_submit(host, &sleeper, NULL, NULL);
    ck_assert_int_eq(pool_host_stop(host, 20000, NULL), STATUS_OK);
    ck_assert_int_eq(pool_host_stop(host, 20000, NULL), STATUS_OK);
    struct taken_reply *reply;
    ck_assert_int_eq(pool_host_next(host, 0, 0, &reply, NULL), STATUS_OK);
    expect_body(&reply->reply, "slept");
    taken_reply_free(reply);
    ck_assert_int_eq(kill(pid, 0), -1);
    ck_assert_int_eq(errno, ESRCH);
    expect_failure(exec(NULL, "hello"), OUTCOME_REJECTED, false, "stopped");
}
END_TEST

START_TEST(a_worker_that_does_not_stop_is_killed_after_destroy_timeout)
{
    settings.destroy_timeout = 300;
    start_pool();
    struct payload sleeper = {{NULL, 0}, bytes_of_text("sleep 60000")};
    pool_host_submit(host, &sleeper, NULL, NULL);
    int64_t before = clock_now();
    ck_assert_int_eq(pool_host_stop(host, -1, NULL), STATUS_OK);
    ck_assert_int_lt(clock_now() - before, 30 * CLOCK_SECOND);
    struct taken_reply *reply;
    ck_assert_int_eq(pool_host_next(host, 0, 0, &reply, NULL), STATUS_OK);
    expect_failure(&reply->reply, OUTCOME_CRASHED, true, "did not stop within 0.3 s");
    taken_reply_free(reply);
}
END_TEST

START_TEST(free_leaves_neither_process_nor_zombie)
{
    settings.num_workers = 1;
    start_pool();
    int pid = worker_pid();
    fixture_teardown();
    host = NULL;
    ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), -1);
    ck_assert_int_eq(kill(pid, 0), -1);
}
END_TEST

TCase *deaths_case(const char *relay, void (*setup)(void));
TCase *deaths_case(const char *relay, void (*setup)(void))
{
    TCase *test = tcase_create(relay);
    tcase_set_timeout(test, 90);
    tcase_add_checked_fixture(test, setup, fixture_teardown);
    tcase_add_test(test, an_exit_amid_a_job_is_explained);
    tcase_add_test(test, a_fatal_error_is_quoted);
    tcase_add_test(test, a_signal_is_named);
    tcase_add_test(test, a_death_amid_an_answer_is_told_with_its_cause);
    tcase_add_test(test, an_answer_to_what_was_not_read_is_none);
    if (setup != fixture_setup_tcp) { /* where one end can't know that the other reads no more */
        tcase_add_test(test, a_worker_that_has_become_deaf_does_not_keep_a_job);
    }
    tcase_add_test(test, an_idle_worker_that_is_killed_is_replaced);
    tcase_add_test(test, garbage_is_quoted_and_costs_the_worker);
    tcase_add_test(test, a_second_answer_is_not_taken_for_the_next_jobs);
    tcase_add_test(test, a_second_answer_is_not_that_of_a_job_that_waits_for_the_worker);
    tcase_add_test(test, a_worker_that_closes_its_relay_does_not_stay);
    tcase_add_test(test, a_grandchild_with_the_pipes_does_not_hide_a_death);
    tcase_add_test(test, the_memory_of_a_large_host_is_not_told_as_its_workers);
    tcase_add_test(test, jobs_behind_a_crash_run_elsewhere);
    tcase_add_test(test, jobs_that_ran_behind_a_broken_answer_do_not_run_again);
    tcase_add_test(test, output_becomes_log_lines_and_never_breaks_the_relay);
    tcase_add_test(test, a_worker_holds_its_own_descriptors_alone);
    tcase_add_test(test, a_stop_lets_the_job_end_and_leaves_nobody);
    tcase_add_test(test, a_worker_that_does_not_stop_is_killed_after_destroy_timeout);
    tcase_add_test(test, free_leaves_neither_process_nor_zombie);
    return test;
}
