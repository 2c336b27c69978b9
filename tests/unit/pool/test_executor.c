/* The pool as an executor: what its owner may do from within its callbacks. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "fixture.h"
#include "loop/loop.h"
#include "pool/pool.h"

enum { JOBS = 12, ENDLESS = 100000 };

static struct loop *loop;
static struct executor *executor;
static struct job jobs[JOBS];
static int outcomes[JOBS];
static int submitted;
static int ended;
static int rejected;
static int stops;
static int ended_at_stop;
static int again; /* how often a job is submitted again by its own outcome */
static void (*on_started)(void);
static void (*on_done)(void);
static void (*on_room)(void);

static void started(void *owner)
{
    (void)owner;
    if (on_started != NULL) {
        on_started();
    }
}

static void room(void *owner)
{
    (void)owner;
    if (on_room != NULL) {
        on_room();
    }
}

static void health(void *owner, const struct error *reason, int64_t next_try)
{
    (void)owner;
    (void)next_try;
    ck_abort_msg("%s", error_text(reason));
}

static void failed(void *owner, const struct error *error)
{
    (void)owner;
    ck_abort_msg("%s", error_text(error));
}

static void stopped(void *owner)
{
    (void)owner;
    stops++;
    ended_at_stop = ended;
}

static void submit(struct job *job)
{
    submitted++;
    executor_submit(executor, job);
}

static void done(void *owner, struct job *job, const struct reply *reply)
{
    (void)owner;
    rejected += reply->outcome == OUTCOME_REJECTED ? 1 : 0;
    ended++;
    outcomes[job->id]++;
    if (again > 0) {
        again--;
        submit(job);
    }
    if (on_done != NULL) {
        on_done();
    }
}

static void make_executor(void)
{
    static const struct executor_events events = {done, started, room, health, failed, stopped};
    ck_assert_int_eq(pool_new(loop, NULL, &settings, &events, NULL, &executor, NULL), 0);
}

static void setup(void)
{
    memset(outcomes, 0, sizeof outcomes);
    submitted = ended = rejected = stops = ended_at_stop = again = 0;
    on_started = on_done = on_room = NULL;
    fixture_setup();
    loop = loop_new(NULL);
    for (size_t i = 0; i < JOBS; i++) {
        jobs[i] = (struct job){.id = i, .payload.body = bytes_of_text("x")};
    }
    settings.prefetch = 2;
    make_executor();
}

static void teardown(void)
{
    executor_free(executor);
    loop_free(loop);
    fixture_teardown();
}

static void submit_all(void)
{
    for (size_t i = 0; i < JOBS; i++) {
        submit(&jobs[i]);
    }
}

static void step_until_stopped(void)
{
    int64_t deadline = clock_after(30000);
    while (stops == 0) {
        ck_assert_int_eq(loop_step(loop, deadline, NULL), STATUS_OK);
    }
}

static void expect_one_outcome_each(void)
{
    ck_assert_int_eq(ended, submitted);
    for (size_t i = 0; i < JOBS; i++) {
        ck_assert_int_eq(outcomes[i], 1);
    }
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_ETIMEOUT);
    ck_assert_int_eq(stops, 1);
}

static void stop(void)
{
    executor_stop(executor);
}

static void stop_now(void)
{
    executor_stop_now(executor);
}

static void (*const ways_to_stop[])(void) = {stop, stop_now};

START_TEST(a_stop_from_the_first_outcome)
{
    on_started = submit_all;
    on_done = ways_to_stop[_i];
    ck_assert_int_eq(executor_start(executor, NULL), 0);
    step_until_stopped();
    expect_one_outcome_each();
    ck_assert_int_eq(ended_at_stop, JOBS);
}
END_TEST

START_TEST(a_stop_when_it_has_started)
{
    submit_all();
    ck_assert_int_eq(ended, 0); /* never from within the call */
    on_started = ways_to_stop[_i];
    ck_assert_int_eq(executor_start(executor, NULL), 0);
    step_until_stopped();
    expect_one_outcome_each();
}
END_TEST

START_TEST(a_stop_while_it_starts)
{
    ck_assert_int_eq(executor_start(executor, NULL), 0);
    submit_all();
    ways_to_stop[_i]();
    ways_to_stop[_i]();
    ck_assert_int_eq(stops, 0);
    step_until_stopped();
    expect_one_outcome_each();
    ck_assert_uint_eq(executor_room(executor), 0);
}
END_TEST

START_TEST(a_stop_that_becomes_impatient)
{
    on_started = submit_all;
    on_done = stop;
    ck_assert_int_eq(executor_start(executor, NULL), 0);
    while (ended == 0) {
        ck_assert_int_eq(loop_step(loop, clock_after(30000), NULL), STATUS_OK);
    }
    on_done = NULL;
    stop_now();
    step_until_stopped();
    expect_one_outcome_each();
}
END_TEST

START_TEST(a_stop_without_a_start)
{
    submit_all();
    ways_to_stop[_i]();
    step_until_stopped();
    expect_one_outcome_each();
}
END_TEST

static void submit_one_more(void)
{
    while (submitted < JOBS && executor_room(executor) > 0) {
        submit(&jobs[submitted]);
    }
    if (ended == JOBS) {
        stop();
    }
}

START_TEST(room_is_told_until_all_is_done)
{
    on_room = submit_one_more;
    ck_assert_int_eq(executor_start(executor, NULL), 0);
    step_until_stopped();
    expect_one_outcome_each();
}
END_TEST

/* _i: how many of the jobs are of one key, and would wait behind each other. */
START_TEST(what_there_is_room_for_is_not_refused)
{
    executor_free(executor);
    settings.num_workers = 3;
    settings.max_queue_size = 1;
    make_executor();
    for (int i = 0; i < _i; i++) {
        jobs[i].key = "key";
        jobs[i].key_size = 3;
    }
    on_started = submit_one_more;
    on_room = submit_one_more;
    ck_assert_int_eq(executor_start(executor, NULL), 0);
    step_until_stopped();
    expect_one_outcome_each();
    ck_assert_int_eq(rejected, 0);
}
END_TEST

/* Nobody would pull what comes next: there is no worker whose end could tell of it. */
START_TEST(room_is_told_where_no_worker_can_be_started_for_a_breakpoint)
{
    static char *command[] = {"/nowhere/php", NULL};
    executor_free(executor);
    settings.command = command;
    settings.debug = true;
    make_executor();
    on_started = submit_one_more;
    on_room = submit_one_more;
    ck_assert_int_eq(executor_start(executor, NULL), 0);
    step_until_stopped();
    expect_one_outcome_each();
}
END_TEST

START_TEST(a_refused_job_that_is_submitted_again_does_not_hold_the_step)
{
    again = ENDLESS;
    submit(&jobs[0]); /* before the start: refused */
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_OK);
    ck_assert_int_gt(again, 0);
    again = 0;
}
END_TEST

START_TEST(stopped_comes_behind_the_last_outcome)
{
    submit(&jobs[0]);
    stop();
    again = 2;
    step_until_stopped();
    ck_assert_int_eq(ended_at_stop, 3);
}
END_TEST

/* _i: how far it has come. */
START_TEST(a_free_at_any_time_ends_every_job)
{
    if (_i > 0) {
        ck_assert_int_eq(executor_start(executor, NULL), 0);
    }
    on_started = _i > 1 ? submit_all : NULL;
    if (_i <= 1) {
        submit_all();
    }
    for (int step = 0; _i > 1 && ended < _i - 1; step++) {
        ck_assert_int_eq(loop_step(loop, clock_after(30000), NULL), STATUS_OK);
    }
    if (_i == 5) {
        stop();
    }
    again = 3;
    executor_free(executor);
    executor = NULL;
    ck_assert_int_eq(again, 0);
    ck_assert_int_eq(ended, submitted);
    ck_assert_int_eq(submitted, JOBS + 3);
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_ETIMEOUT);
}
END_TEST

TCase *executor_case(void);
TCase *executor_case(void)
{
    TCase *test = tcase_create("executor");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_loop_test(test, a_stop_from_the_first_outcome, 0, 2);
    tcase_add_loop_test(test, a_stop_when_it_has_started, 0, 2);
    tcase_add_loop_test(test, a_stop_while_it_starts, 0, 2);
    tcase_add_test(test, a_stop_that_becomes_impatient);
    tcase_add_loop_test(test, a_stop_without_a_start, 0, 2);
    tcase_add_test(test, room_is_told_until_all_is_done);
    tcase_add_loop_test(test, what_there_is_room_for_is_not_refused, 0, JOBS + 1);
    tcase_add_test(test, room_is_told_where_no_worker_can_be_started_for_a_breakpoint);
    tcase_add_test(test, a_refused_job_that_is_submitted_again_does_not_hold_the_step);
    tcase_add_test(test, stopped_comes_behind_the_last_outcome);
    tcase_add_loop_test(test, a_free_at_any_time_ends_every_job, 0, 6);
    return test;
}
