#include <string.h>

#include "base/clock.h"
#include "inline_probe.h"
#include "suite.h"

static struct inline_probe probe;

static void setup(void)
{
    inline_probe_open(&probe, 0);
    ck_assert_int_eq(executor_start(probe.executor, NULL), STATUS_OK);
}

static void teardown(void)
{
    inline_probe_close(&probe);
}

START_TEST(events_come_one_by_one_and_are_settled_by_the_next_receive)
{
    probe.feed = 3;
    inline_probe_begin(&probe);
    ck_assert_int_eq(probe.started, 0);
    for (int i = 0; i < 3; i++) {
        ck_assert_str_eq(inline_probe_receive(&probe), "event");
        ck_assert_int_eq(probe.submitted, i + 1);
        ck_assert_uint_eq(executor_room(probe.executor), 0);
        inline_probe_send(&probe, "yes");
        ck_assert_int_eq(probe.jobs[i].settled, 0);
    }
    ck_assert_ptr_null(inline_probe_receive(&probe));
    ck_assert_ptr_null(inline_probe_receive(&probe));
    ck_assert_int_eq(probe.started, 1);
    ck_assert_int_eq(probe.stopped, 0);
    inline_probe_end(&probe, 0, NULL);
    ck_assert_int_eq(probe.stopped, 1);
    ck_assert(!inline_executor_due(probe.inline_executor));
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(probe.jobs[i].outcome, OUTCOME_OK);
        ck_assert(probe.jobs[i].may_have_run);
        ck_assert_str_eq(probe.jobs[i].body, "yes");
    }
}
END_TEST

START_TEST(a_death_is_the_outcome_and_the_next_run_follows_at_once)
{
    probe.feed = 2;
    inline_probe_begin(&probe);
    inline_probe_receive(&probe);
    inline_probe_end(&probe, 255, "PHP Fatal error: boom in a.php on line 3");
    ck_assert_int_eq(probe.jobs[0].outcome, OUTCOME_CRASHED);
    ck_assert_str_eq(probe.jobs[0].message, "PHP Fatal error: boom in a.php on line 3");
    ck_assert(probe.jobs[0].may_have_run);
    inline_probe_begin(&probe);
    ck_assert_ptr_nonnull(inline_probe_receive(&probe));
    inline_probe_end(&probe, 3, NULL);
    ck_assert_ptr_nonnull(strstr(probe.jobs[1].message, "exit(3) while it had the event"));
    ck_assert_int_eq(probe.failed, 0);
}
END_TEST

START_TEST(an_answer_before_the_death_counts)
{
    probe.feed = 1;
    inline_probe_begin(&probe);
    inline_probe_receive(&probe);
    inline_probe_send(&probe, "done");
    inline_probe_end(&probe, 255, "boom");
    ck_assert_int_eq(probe.jobs[0].outcome, OUTCOME_OK);
    ck_assert_str_eq(probe.jobs[0].body, "done");
}
END_TEST

START_TEST(an_unanswered_event_is_an_error)
{
    probe.feed = 1;
    inline_probe_begin(&probe);
    inline_probe_receive(&probe);
    ck_assert_ptr_null(inline_probe_receive(&probe));
    ck_assert_int_eq(probe.jobs[0].outcome, OUTCOME_ERROR);
    ck_assert_ptr_nonnull(strstr(probe.jobs[0].message, "without answering"));
}
END_TEST

START_TEST(a_stop_with_an_event_in_hand_gives_it_to_the_next_run)
{
    probe.feed = 1;
    inline_probe_begin(&probe);
    inline_probe_receive(&probe);
    probe.host->stop(probe.host);
    ck_assert_ptr_null(inline_probe_receive(&probe));
    inline_probe_end(&probe, 0, NULL);
    ck_assert_int_eq(probe.jobs[0].settled, 0);
    inline_executor_run_begins(probe.inline_executor);
    ck_assert_ptr_nonnull(inline_probe_receive(&probe));
    ck_assert_int_eq(probe.submitted, 1);
    inline_probe_send(&probe, "now");
    inline_probe_end(&probe, 0, NULL);
    ck_assert_str_eq(probe.jobs[0].body, "now");
}
END_TEST

START_TEST(an_event_given_back_while_stopping_is_cancelled_and_may_have_run)
{
    probe.feed = 1;
    inline_probe_begin(&probe);
    inline_probe_receive(&probe);
    probe.host->stop(probe.host);
    executor_stop(probe.executor);
    inline_probe_end(&probe, 0, NULL);
    ck_assert_int_eq(probe.jobs[0].outcome, OUTCOME_CANCELLED);
    ck_assert(probe.jobs[0].may_have_run);
    ck_assert_int_eq(probe.stopped, 1);
}
END_TEST

START_TEST(the_first_run_must_ask_for_an_event)
{
    inline_probe_begin(&probe);
    inline_probe_end(&probe, 0, NULL);
    ck_assert_int_eq(probe.failed, 1);
    ck_assert_ptr_nonnull(strstr(probe.failure, "php app.php: the script ended without asking"));
    ck_assert(!inline_executor_due(probe.inline_executor));
    ck_assert_int_eq(probe.stopped, 0);
    executor_stop(probe.executor);
    inline_probe_step(&probe);
    ck_assert_int_eq(probe.stopped, 1);
}
END_TEST

START_TEST(a_later_run_that_comes_to_nothing_is_tried_again_after_a_pause)
{
    probe.feed = 1;
    inline_probe_begin(&probe);
    inline_probe_receive(&probe);
    inline_probe_end(&probe, 1, NULL);
    int64_t last = 0;
    for (int i = 0; i < 2; i++) {
        inline_executor_run_begins(probe.inline_executor);
        int64_t before = clock_now();
        inline_probe_end(&probe, 1, NULL);
        ck_assert(!inline_executor_due(probe.inline_executor));
        int64_t pause = inline_executor_deadline(probe.inline_executor) - before;
        ck_assert_int_gt(pause, last);
        last = pause;
    }
    ck_assert_int_eq(probe.failed, 0);
    ck_assert_int_eq(probe.health_told, 1);
    ck_assert_str_eq(probe.illness,
                     "php app.php did not ask for an event: the script ended by exit(1)");
    inline_executor_run_begins(probe.inline_executor);
    executor_stop(probe.executor);
    inline_probe_end(&probe, 1, NULL);
    ck_assert_int_eq(probe.stopped, 1);
}
END_TEST

START_TEST(a_first_run_in_vain_is_tried_again_if_so_wished)
{
    inline_probe_close(&probe);
    inline_probe_open_with(&probe, 0, true);
    ck_assert_int_eq(executor_start(probe.executor, NULL), STATUS_OK);
    for (int i = 0; i < 2; i++) {
        inline_executor_run_begins(probe.inline_executor);
        inline_probe_end(&probe, 0, NULL);
        ck_assert(!inline_executor_due(probe.inline_executor));
    }
    ck_assert_int_eq(probe.failed, 0);
    ck_assert_int_eq(probe.started, 0);
    ck_assert_int_eq(probe.health_told, 1);
    probe.feed = 1;
    inline_executor_run_begins(probe.inline_executor);
    ck_assert_ptr_nonnull(inline_probe_receive(&probe));
    ck_assert_int_eq(probe.health_told, 2);
    ck_assert_str_eq(probe.illness, "");
    ck_assert_int_eq(probe.started, 1);
    inline_probe_send(&probe, "now");
    inline_probe_end(&probe, 0, NULL);
}
END_TEST

/* A run that stop() ends: with its first event given back, or before it asked for one. */
static int64_t stopped_run(bool receives)
{
    inline_executor_run_begins(probe.inline_executor);
    if (receives) {
        ck_assert_ptr_nonnull(inline_probe_receive(&probe));
    }
    probe.host->stop(probe.host);
    ck_assert_ptr_null(inline_probe_receive(&probe));
    int64_t before = clock_now();
    inline_probe_end(&probe, 0, NULL);
    ck_assert(!inline_executor_due(probe.inline_executor));
    return inline_executor_deadline(probe.inline_executor) - before;
}

START_TEST(a_script_that_stops_at_every_event_is_tried_again_after_a_pause)
{
    int64_t last = 0;
    probe.feed = 1;
    for (int i = 0; i < 3; i++) {
        int64_t pause = stopped_run(_i == 1);
        ck_assert_int_gt(pause, last);
        last = pause;
    }
    ck_assert_int_eq(probe.failed, 0);
    ck_assert_int_eq(probe.jobs[0].settled, 0);
}
END_TEST

START_TEST(a_script_that_stops_after_an_answer_starts_again_at_once)
{
    probe.feed = 2;
    for (int i = 0; i < 2; i++) {
        inline_probe_begin(&probe);
        ck_assert_ptr_nonnull(inline_probe_receive(&probe));
        inline_probe_send(&probe, "ok");
        probe.host->stop(probe.host);
        ck_assert_ptr_null(inline_probe_receive(&probe));
        inline_probe_end(&probe, 0, NULL);
        ck_assert(inline_executor_due(probe.inline_executor));
    }
}
END_TEST

START_TEST(stop_cancels_what_php_has_not_seen)
{
    struct probe_job *queued = inline_probe_submit(&probe, "queued");
    executor_stop(probe.executor);
    struct probe_job *late = inline_probe_submit(&probe, "late");
    ck_assert_int_eq(probe.stopped, 0);
    inline_probe_step(&probe);
    ck_assert_int_eq(probe.stopped, 1);
    ck_assert_int_eq(queued->outcome, OUTCOME_CANCELLED);
    ck_assert_int_eq(late->outcome, OUTCOME_CANCELLED);
    ck_assert(!queued->may_have_run && !late->may_have_run);
    executor_stop(probe.executor);
    executor_stop_now(probe.executor);
    inline_probe_step(&probe);
    ck_assert_int_eq(probe.stopped, 1);
}
END_TEST

START_TEST(what_is_empty_or_too_big_is_rejected_with_the_reason)
{
    struct probe_job *empty = inline_probe_submit(&probe, "");
    struct probe_job *big = inline_probe_submit(&probe, "eleven byte");
    inline_probe_step(&probe);
    ck_assert_int_eq(empty->outcome, OUTCOME_REJECTED);
    ck_assert_ptr_nonnull(strstr(empty->message, "empty"));
    ck_assert_int_eq(big->outcome, OUTCOME_REJECTED);
    ck_assert_ptr_nonnull(strstr(big->message, "the limit is 10"));
}
END_TEST

START_TEST(free_settles_whatever_is_left)
{
    probe.feed = 1;
    inline_probe_begin(&probe);
    inline_probe_receive(&probe);
    inline_probe_submit(&probe, "queued");
    inline_probe_submit(&probe, "");
    executor_free(probe.executor);
    probe.executor = NULL;
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(probe.jobs[i].outcome, OUTCOME_CANCELLED);
        ck_assert_int_eq(probe.jobs[i].may_have_run, i == 0);
    }
}
END_TEST

START_TEST(php_that_does_not_start_fails_the_service)
{
    struct error error = {0};
    error_set(&error, STATUS_ESYSTEM, "no libphp");
    inline_executor_fail(probe.inline_executor, &error);
    error_clear(&error);
    inline_probe_step(&probe);
    ck_assert_int_eq(probe.failed, 1);
    ck_assert_str_eq(probe.failure, "no libphp");
}
END_TEST

START_TEST(max_jobs_ends_the_run)
{
    struct inline_probe two;
    inline_probe_open(&two, 2);
    ck_assert_int_eq(executor_start(two.executor, NULL), STATUS_OK);
    two.feed = 3;
    for (int run = 0; run < 2; run++) {
        inline_probe_begin(&two);
        while (inline_probe_receive(&two) != NULL) {
            inline_probe_send(&two, "ok");
        }
        ck_assert_int_eq(two.submitted, run == 0 ? 2 : 3);
        inline_probe_end(&two, 0, NULL);
    }
    ck_assert_int_eq(two.stopped, 1);
    inline_probe_close(&two);
}
END_TEST

TCase *inline_case(void)
{
    TCase *tests = tcase_create("inline");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, events_come_one_by_one_and_are_settled_by_the_next_receive);
    tcase_add_test(tests, a_death_is_the_outcome_and_the_next_run_follows_at_once);
    tcase_add_test(tests, an_answer_before_the_death_counts);
    tcase_add_test(tests, an_unanswered_event_is_an_error);
    tcase_add_test(tests, a_stop_with_an_event_in_hand_gives_it_to_the_next_run);
    tcase_add_test(tests, an_event_given_back_while_stopping_is_cancelled_and_may_have_run);
    tcase_add_test(tests, the_first_run_must_ask_for_an_event);
    tcase_add_test(tests, a_first_run_in_vain_is_tried_again_if_so_wished);
    tcase_add_test(tests, a_later_run_that_comes_to_nothing_is_tried_again_after_a_pause);
    tcase_add_loop_test(tests, a_script_that_stops_at_every_event_is_tried_again_after_a_pause, 0,
                        2);
    tcase_add_test(tests, a_script_that_stops_after_an_answer_starts_again_at_once);
    tcase_add_test(tests, stop_cancels_what_php_has_not_seen);
    tcase_add_test(tests, what_is_empty_or_too_big_is_rejected_with_the_reason);
    tcase_add_test(tests, free_settles_whatever_is_left);
    tcase_add_test(tests, php_that_does_not_start_fails_the_service);
    tcase_add_test(tests, max_jobs_ends_the_run);
    return tests;
}
