#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "fixture.h"

static int worker_pid(void)
{
    return atoi(exec(NULL, "pid")->payload.body.data);
}

static void setup(void)
{
    fixture_setup();
    settings.num_workers = 1;
    settings.watch_tick = 20;
}

START_TEST(a_job_that_takes_too_long_ends_with_its_worker)
{
    settings.exec_ttl = 300;
    start_pool();
    int pid = worker_pid();
    int64_t before = clock_now();
    expect_failure(exec(NULL, "sleep 20000"), OUTCOME_TIMED_OUT, true,
                   "longer than 0.3 s (exec_ttl)");
    ck_assert_int_lt(clock_now() - before, 10 * CLOCK_SECOND);
    ck_assert_int_ne(worker_pid(), pid);
    ck_assert(log_has("was at one job for more than 0.3 s (exec_ttl)"));
}
END_TEST

/* Of a host that has been busy elsewhere. They are more than the kernel tells of in one go. */
START_TEST(answers_in_time_count_however_late_they_are_read)
{
    enum { WORKERS = 90, LIMIT = 400 };
    char path[64];
    char body[96];
    struct stat file = {0};
    snprintf(path, sizeof path, "/tmp/coyote-late-%d", (int)getpid());
    snprintf(body, sizeof body, "append %s", path);
    unlink(path);
    settings.num_workers = WORKERS;
    settings.exec_ttl = LIMIT;
    start_pool();
    struct payload payload = {{NULL, 0}, bytes_of_text(body)};
    for (int i = 0; i < WORKERS; i++) {
        ck_assert_int_gt(pool_host_submit(host, &payload, NULL, NULL), 0);
    }
    while (stat(path, &file) != 0 || file.st_size < WORKERS) {
        usleep(1000);
    }
    unlink(path);
    usleep(2 * LIMIT * 1000); /* until the limit has passed */
    for (int i = 0; i < WORKERS; i++) {
        struct taken_reply *reply = next_outcome(0);
        expect_body(&reply->reply, "appended");
        taken_reply_free(reply);
    }
}
END_TEST

START_TEST(a_job_in_time_keeps_its_worker)
{
    settings.exec_ttl = 20000;
    start_pool();
    int pid = worker_pid();
    expect_body(exec(NULL, "sleep 100"), "slept");
    ck_assert_int_eq(worker_pid(), pid);
}
END_TEST

START_TEST(a_stopped_process_does_not_hold_its_job)
{
    settings.exec_ttl = 300;
    start_pool();
    kill(worker_pid(), SIGSTOP);
    expect_failure(exec(NULL, "hello"), OUTCOME_TIMED_OUT, true, "exec_ttl");
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

/* Its bytes are the submitter's again while a part of them still waits for room in the pipe. */
START_TEST(a_job_that_was_not_wholly_sent_has_not_run)
{
    settings.exec_ttl = 300;
    start_pool();
    kill(worker_pid(), SIGSTOP);
    size_t size = 4 * 1024 * 1024;
    char *body = calloc(1, size);
    struct payload payload = {{NULL, 0}, {body, size}};
    const struct reply *reply = exec_payload(payload);
    ck_assert_int_eq(reply->outcome, OUTCOME_TIMED_OUT);
    ck_assert(!reply->may_have_run);
    ck_assert_uint_eq(exec_payload(payload)->payload.body.size, size);
    free(body);
}
END_TEST

/* The clock of each starts when the one before it is answered. */
START_TEST(jobs_behind_it_run_elsewhere_and_have_their_own_time)
{
    settings.exec_ttl = 600;
    settings.prefetch = 8;
    start_pool();
    static const char *bodies[] = {"sleep 400", "sleep 400", "sleep 20000", "sleep 400", "last"};
    for (size_t i = 0; i < 5; i++) {
        struct payload payload = {{NULL, 0}, bytes_of_text(bodies[i])};
        ck_assert_int_gt(pool_host_submit(host, &payload, NULL, NULL), 0);
    }
    for (uint64_t id = 1; id <= 5; id++) {
        struct taken_reply *reply;
        ck_assert_int_eq(pool_host_next(host, id, 30000, &reply, NULL), STATUS_OK);
        if (id == 3) {
            expect_failure(&reply->reply, OUTCOME_TIMED_OUT, true, "exec_ttl");
        } else {
            expect_body(&reply->reply, id == 5 ? "last" : "slept");
        }
        taken_reply_free(reply);
    }
}
END_TEST

START_TEST(an_old_worker_answers_before_it_is_replaced)
{
    settings.ttl = 300;
    start_pool();
    const struct reply *reply = exec(NULL, "sleep 900");
    expect_body(reply, "slept");
    int pid = reply->pid;
    ck_assert_int_ne(worker_pid(), pid);
    ck_assert(log_has("it is as old as ttl allows"));
}
END_TEST

START_TEST(a_used_worker_that_idles_is_replaced)
{
    settings.idle_ttl = 200;
    start_pool();
    int pid = worker_pid();
    ck_assert(log_has("it was idle for as long as idle_ttl allows"));
    ck_assert_int_ne(worker_pid(), pid);
}
END_TEST

START_TEST(a_worker_that_was_never_used_is_kept)
{
    settings.idle_ttl = 50;
    start_pool();
    struct taken_reply *reply;
    /* a long while: many looks at it */
    ck_assert_int_eq(pool_host_next(host, 0, 500, &reply, NULL), STATUS_ETIMEOUT);
    const struct log_line *line = pool_host_log_next(host);
    ck_assert_msg(line == NULL, "%s", line == NULL ? "" : (const char *)line->text.data);
}
END_TEST

/* _i: about as long as can be counted, in milliseconds, nanoseconds, or half of these. */
START_TEST(what_takes_for_ever_is_never_due)
{
    static const int64_t long_times[] = {INT64_MAX, INT64_MAX / 1000000, INT64_MAX / 2000000};
    int64_t for_ever = long_times[_i];
    settings.ttl = for_ever;
    settings.idle_ttl = for_ever;
    settings.exec_ttl = for_ever;
    settings.reset_timeout = for_ever;
    settings.allocate_timeout = for_ever;
    settings.destroy_timeout = for_ever;
    settings.max_workers = 1;
    settings.spawn_rate = 1;
    settings.idle_timeout = for_ever;
    start_pool();
    struct payload payload = {{NULL, 0}, bytes_of_text("sleep 600")};
    pool_host_submit(host, &payload, NULL, NULL);
    pool_host_submit(host, &payload, NULL, NULL);
    ck_assert(log_has("1 more worker: 1 job waits"));
    for (int i = 0; i < 2; i++) {
        struct taken_reply *reply = next_outcome(0);
        expect_body(&reply->reply, "slept");
        taken_reply_free(reply);
    }
    struct taken_reply *reply;
    /* a long while: many looks at them */
    ck_assert_int_eq(pool_host_next(host, 0, 300, &reply, NULL), STATUS_ETIMEOUT);
    const struct log_line *line = pool_host_log_next(host);
    ck_assert_msg(line == NULL, "%s", line == NULL ? "" : (const char *)line->text.data);
}
END_TEST

START_TEST(a_worker_that_grows_too_large_answers_and_is_replaced)
{
    settings.max_worker_memory = (size_t)100 * 1024 * 1024;
    start_pool();
    int pid = worker_pid();
    expect_body(exec(NULL, "grow 10"), "grown");
    expect_body(exec(NULL, "grow 120"), "grown");
    ck_assert(log_has("more than the 100.0 MiB of max_worker_memory"));
    ck_assert_int_ne(worker_pid(), pid);
}
END_TEST

START_TEST(a_full_queue_refuses_at_once)
{
    settings.max_queue_size = 1;
    start_pool();
    struct payload sleeper = {{NULL, 0}, bytes_of_text("sleep 500")};
    struct taken_reply *reply;
    pool_host_submit(host, &sleeper, NULL, NULL);
    pool_host_submit(host, &sleeper, NULL, NULL);
    int64_t refused = pool_host_submit(host, &sleeper, NULL, NULL);
    ck_assert_int_eq(pool_host_next(host, 0, 20000, &reply, NULL), STATUS_OK);
    ck_assert_int_eq(reply->id, refused);
    expect_failure(&reply->reply, OUTCOME_REJECTED, false, "max_queue_size");
    taken_reply_free(reply);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(pool_host_next(host, 0, 20000, &reply, NULL), STATUS_OK);
        expect_body(&reply->reply, "slept");
        taken_reply_free(reply);
    }
}
END_TEST

START_TEST(a_death_tells_the_memory)
{
    settings.num_workers = 1;
    start_pool();
    expect_body(exec(NULL, "grow 500"), "grown"); /* larger than this process, sanitized or not */
    expect_failure(exec(NULL, "exit 3"), OUTCOME_CRASHED, true, "MiB of memory");
}
END_TEST

TCase *supervisor_case(void);
TCase *supervisor_case(void)
{
    TCase *test = tcase_create("supervisor");
    tcase_set_timeout(test, 90);
    tcase_add_checked_fixture(test, setup, fixture_teardown);
    tcase_add_test(test, a_job_that_takes_too_long_ends_with_its_worker);
    tcase_add_test(test, answers_in_time_count_however_late_they_are_read);
    tcase_add_test(test, a_job_in_time_keeps_its_worker);
    tcase_add_test(test, a_stopped_process_does_not_hold_its_job);
    tcase_add_test(test, a_job_that_was_not_wholly_sent_has_not_run);
    tcase_add_test(test, jobs_behind_it_run_elsewhere_and_have_their_own_time);
    tcase_add_test(test, an_old_worker_answers_before_it_is_replaced);
    tcase_add_test(test, a_used_worker_that_idles_is_replaced);
    tcase_add_test(test, a_worker_that_was_never_used_is_kept);
    tcase_add_loop_test(test, what_takes_for_ever_is_never_due, 0, 3);
    tcase_add_test(test, a_worker_that_grows_too_large_answers_and_is_replaced);
    tcase_add_test(test, a_full_queue_refuses_at_once);
    tcase_add_test(test, a_death_tells_the_memory);
    return test;
}
