/* dynamic_allocator: more workers while jobs wait. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log_queue.h"
#include "fixture.h"
#include "loop/loop.h"

enum { JOBS_MOST = 16 };

static pid_t pids[JOBS_MOST]; /* who has done them */

static void setup(void)
{
    fixture_setup();
    memset(pids, 0, sizeof pids);
    settings.num_workers = 1;
    settings.max_workers = 3;
    settings.spawn_rate = 5;
    settings.idle_timeout = 20000;
    settings.jitter_seed = 1;
}

static void submit(size_t count, const char *body)
{
    struct payload payload = {{NULL, 0}, bytes_of_text(body)};
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_gt(pool_host_submit(host, &payload, NULL, NULL), 0);
    }
}

static void expect_all_slept(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct taken_reply *reply = next_outcome(0);
        expect_body(&reply->reply, "slept");
        pids[i] = reply->reply.pid;
        taken_reply_free(reply);
    }
}

static size_t different_pids(size_t count)
{
    size_t different = 0;
    for (size_t i = 0; i < count; i++) {
        size_t before = 0;
        while (pids[before] != pids[i]) {
            before++;
        }
        different += before == i ? 1 : 0;
    }
    return different;
}

START_TEST(jobs_that_wait_bring_more_workers_and_idleness_ends_them)
{
    settings.idle_timeout = 300;
    start_pool();
    submit(4, "sleep 2000");
    ck_assert(log_has("3 more workers: 3 jobs wait"));
    expect_all_slept(4);
    ck_assert_uint_eq(different_pids(4), 4);
    ck_assert(log_has("an additional worker has had nothing to do for 0.3 s (idle_timeout): it is "
                      "retired, 3 are left"));
    ck_assert(log_has("it is retired, 2 are left"));
    ck_assert(log_has("it is retired, 1 is left"));
    expect_body(exec(NULL, "hello"), "hello");
    /* and again */
    submit(2, "sleep 1000");
    ck_assert(log_has("1 more worker: 1 job waits"));
    expect_all_slept(2);
}
END_TEST

/* None goes behind a slow one where another worker may be started for it. */
START_TEST(slow_jobs_are_not_put_behind_each_other)
{
    settings.prefetch = 8;
    start_pool();
    for (int round = 0; round < 2; round++) {
        submit(4, "sleep 1000");
        expect_all_slept(4);
        ck_assert_uint_eq(different_pids(4), 4);
    }
}
END_TEST

/* They are no reason for more workers, however many there are: each waits but a moment. */
START_TEST(quick_jobs_are_put_behind_each_other)
{
    settings.prefetch = 8;
    start_pool();
    for (int i = 0; i < 20; i++) {
        expect_body(exec(NULL, "hello"), "hello");
    }
    struct payload payload = {{NULL, 0}, bytes_of_text("sleep 5")};
    for (int i = 0; i < 8; i++) {
        pool_host_submit(host, &payload, NULL, NULL);
    }
    expect_all_slept(8);
    ck_assert_uint_eq(different_pids(8), 1);
}
END_TEST

START_TEST(there_are_never_more_than_max_workers_on_top)
{
    settings.max_workers = 1;
    start_pool();
    submit(6, "sleep 200");
    expect_all_slept(6);
    ck_assert_uint_eq(different_pids(6), 2);
}
END_TEST

static int64_t wait_for_line(const char *text)
{
    const struct log_line *line;
    struct taken_reply *reply = NULL;
    int64_t deadline = clock_after(20000);
    while (clock_now() < deadline) {
        while ((line = pool_host_log_next(host)) != NULL) {
            if (strstr(line->text.data, text) != NULL) {
                return line->time;
            }
        }
        ck_assert_int_eq(pool_host_next(host, 0, 20, &reply, NULL), STATUS_ETIMEOUT);
    }
    ck_abort_msg("no line with %s", text);
    return 0;
}

START_TEST(spawn_rate_holds_within_any_second)
{
    settings.spawn_rate = 2;
    start_pool();
    submit(4, "sleep 5000");
    int64_t first = wait_for_line("2 more workers: 3 jobs wait");
    int64_t second = wait_for_line("1 more worker: 1 job waits");
    /* less than a second by what the first two took to be launched */
    ck_assert_int_ge(second - first, 500 * CLOCK_MILLISECOND);
}
END_TEST

START_TEST(who_waits_for_nobody_brings_nobody)
{
    start_pool();
    for (int i = 0; i < 30; i++) {
        expect_body(exec(NULL, "sleep 10"), "slept");
    }
    const struct log_line *line;
    while ((line = pool_host_log_next(host)) != NULL) {
        ck_assert_msg(strstr(line->text.data, "more worker") == NULL, "%s",
                      (const char *)line->text.data);
    }
}
END_TEST

START_TEST(additional_workers_that_die_at_boot_cost_no_job)
{
    first_file_setup();
    use_script("obeys_once.php");
    start_pool();
    submit(4, "sleep 300");
    ck_assert(log_has("more worker"));
    ck_assert(log_has("the database has gone"));
    expect_all_slept(4);
    ck_assert_uint_eq(different_pids(4), 1);
    /* one at a time from now on, while jobs wait */
    submit(4, "sleep 300");
    ck_assert(log_has("1 more worker"));
    expect_all_slept(4);
    first_file_teardown();
}
END_TEST

START_TEST(a_reset_renews_all_that_there_are)
{
    settings.idle_timeout = 1500;
    start_pool();
    submit(4, "sleep 800");
    expect_all_slept(4);
    ck_assert_uint_eq(different_pids(4), 4);
    pid_t old[4];
    memcpy(old, pids, sizeof old);
    ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
    ck_assert(log_has("the reset is done: "));
    submit(4, "sleep 800");
    expect_all_slept(4);
    for (size_t i = 0; i < 16; i++) {
        ck_assert_int_ne(pids[i / 4], old[i % 4]);
    }
    ck_assert(log_has("it is retired, 1 is left"));
}
END_TEST

/* max_jobs ends them all, and the target stays. */
START_TEST(replacements_keep_the_target)
{
    settings.max_jobs = 1;
    start_pool();
    submit(4, "sleep 800");
    ck_assert(log_has("3 more workers"));
    expect_all_slept(4);
    submit(4, "sleep 800");
    expect_all_slept(4);
    const struct log_line *line;
    while ((line = pool_host_log_next(host)) != NULL) {
        ck_assert_msg(strstr(line->text.data, "more worker") == NULL, "%s",
                      (const char *)line->text.data);
    }
}
END_TEST

/* _i: patiently, at once, or by free. */
START_TEST(an_end_while_additional_workers_boot)
{
    start_pool();
    submit(4, "sleep 400");
    ck_assert(log_has("3 more workers"));
    if (_i < 2) {
        ck_assert_int_eq(pool_host_stop(host, _i == 0 ? 20000 : 0, NULL), STATUS_OK);
        for (int i = 0; i < 4; i++) {
            taken_reply_free(next_outcome(0));
        }
    }
}
END_TEST

START_TEST(settings_of_the_allocator_are_checked)
{
    static const struct {
        size_t num, max, rate;
        int64_t idle;
        const char *text;
    } wrong[] = {
        {495, 6, 5, 1, "num_workers is 495 and max_workers 6; together they may be up to 500"},
        {1, SIZE_MAX, 5, 1, "together they may be up to 500"},
        {1, 1, 0, 1, "spawn_rate must be from 1 to 100"},
        {1, 1, 101, 1, "spawn_rate must be from 1 to 100"},
        {1, 1, 1, 0, "idle_timeout more than 0"},
    };
    struct error error = {0};
    settings.num_workers = wrong[_i].num;
    settings.max_workers = wrong[_i].max;
    settings.spawn_rate = wrong[_i].rate;
    settings.idle_timeout = wrong[_i].idle;
    ck_assert_int_eq(pool_host_start(host, &settings, 20000, &error), STATUS_EINVAL);
    ck_assert_msg(strstr(error_text(&error), wrong[_i].text) != NULL, "%s", error_text(&error));
    error_clear(&error);
}
END_TEST

/* --- as an executor: keys, and what it has room for --- */

static struct loop *loop;
static struct log_queue lines;
static struct executor *executor;
static struct job jobs[JOBS_MOST];
static size_t submitted, ended, wished;
static bool started;

static void done(void *owner, struct job *job, const struct reply *reply)
{
    (void)owner;
    (void)job;
    ck_assert_int_eq(reply->outcome, OUTCOME_OK);
    pids[ended++] = reply->pid;
}

/* As an event service does. */
static void pull(void *owner)
{
    (void)owner;
    while (submitted < wished && executor_room(executor) > 0) {
        executor_submit(executor, &jobs[submitted++]);
    }
}

static void say_started(void *owner)
{
    started = true;
    pull(owner);
}

static void health(void *owner, const struct error *reason, int64_t next_try)
{
    (void)owner;
    (void)next_try;
    ck_abort_msg("%s", error_text(reason));
}

static void failed(void *owner, const struct error *error)
{
    health(owner, error, 0);
}

static void stopped(void *owner)
{
    (void)owner;
}

static void setup_executor(void)
{
    static const struct executor_events events = {done, say_started, pull, health, failed, stopped};
    setup();
    submitted = ended = wished = 0;
    started = false;
    loop = loop_new(NULL);
    log_queue_init(&lines, LOG_LEVEL_DEBUG);
    for (size_t i = 0; i < JOBS_MOST; i++) {
        jobs[i] = (struct job){.id = i, .payload.body = bytes_of_text("sleep 300")};
    }
    settings.max_queue_size = 2;
    ck_assert_int_eq(pool_new(loop, &lines.log, &settings, &events, NULL, &executor, NULL),
                     STATUS_OK);
    ck_assert_int_eq(executor_start(executor, NULL), STATUS_OK);
}

static void teardown_executor(void)
{
    executor_free(executor);
    log_queue_free(&lines);
    loop_free(loop);
    fixture_teardown();
}

static void step_until(const bool *truth, const size_t *counter, size_t value)
{
    int64_t deadline = clock_after(30000);
    while (truth != NULL ? !*truth : *counter < value) {
        ck_assert_int_eq(loop_step(loop, deadline, NULL), STATUS_OK);
    }
}

static bool was_logged(const char *text)
{
    const struct log_line *line;
    while ((line = log_queue_next(&lines)) != NULL) {
        if (strstr(line->text.data, text) != NULL) {
            return true;
        }
    }
    return false;
}

START_TEST(jobs_behind_their_key_wait_for_no_worker)
{
    step_until(&started, NULL, 0);
    for (size_t i = 0; i < 3; i++) {
        jobs[i].key = "customer 7";
        jobs[i].key_size = 10;
        executor_submit(executor, &jobs[submitted++]);
    }
    step_until(NULL, &ended, 3);
    ck_assert_uint_eq(different_pids(3), 1);
    ck_assert(!was_logged("more worker"));
}
END_TEST

/* num_workers and what may wait for the others: max_queue_size here. */
START_TEST(there_is_room_for_what_more_workers_would_do)
{
    step_until(&started, NULL, 0);
    ck_assert_uint_eq(executor_room(executor), 1 + 2);
    wished = 12;
    pull(NULL);
    ck_assert_uint_eq(submitted, 3);
    ck_assert_uint_eq(executor_room(executor), 0);
    step_until(NULL, &ended, 12);
    ck_assert_uint_gt(different_pids(12), 1);
    ck_assert(was_logged("2 more workers: 2 jobs wait"));
}
END_TEST

TCase *scale_case(void);
TCase *scale_case(void)
{
    TCase *test = tcase_create("scale");
    tcase_set_timeout(test, 90);
    tcase_add_checked_fixture(test, setup, fixture_teardown);
    tcase_add_test(test, jobs_that_wait_bring_more_workers_and_idleness_ends_them);
    tcase_add_test(test, slow_jobs_are_not_put_behind_each_other);
    tcase_add_test(test, quick_jobs_are_put_behind_each_other);
    tcase_add_test(test, there_are_never_more_than_max_workers_on_top);
    tcase_add_test(test, spawn_rate_holds_within_any_second);
    tcase_add_test(test, who_waits_for_nobody_brings_nobody);
    tcase_add_test(test, additional_workers_that_die_at_boot_cost_no_job);
    tcase_add_test(test, a_reset_renews_all_that_there_are);
    tcase_add_test(test, replacements_keep_the_target);
    tcase_add_loop_test(test, an_end_while_additional_workers_boot, 0, 3);
    tcase_add_loop_test(test, settings_of_the_allocator_are_checked, 0, 5);
    return test;
}

TCase *scale_executor_case(void);
TCase *scale_executor_case(void)
{
    TCase *test = tcase_create("scale as an executor");
    tcase_set_timeout(test, 90);
    tcase_add_checked_fixture(test, setup_executor, teardown_executor);
    tcase_add_test(test, jobs_behind_their_key_wait_for_no_worker);
    tcase_add_test(test, there_is_room_for_what_more_workers_would_do);
    return test;
}
