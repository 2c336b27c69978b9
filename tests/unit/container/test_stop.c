#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "probe.h"
#include "suite.h"

static struct probe_world world;

/* Three services, served; each test then says what happens. */
static struct probe *a;
static struct probe *b;
static struct probe *c;

static void set_up(void)
{
    probe_world_open(&world, "a: {x: 1}\nb: {x: 1}\nc: {x: 1}\n");
    a = probe_add(&world, "a", false);
    b = probe_add(&world, "b", false);
    c = probe_add(&world, "c", false);
    ck_assert_int_eq(container_init(world.container, NULL), STATUS_OK);
    probe_history[0] = '\0';
}

static void tear_down(void)
{
    probe_world_close(&world);
}

START_TEST(the_first_failure_stops_all_and_is_the_result)
{
    b->end = PROBE_FAILS_LATER;
    a->ends_late_after_stop = true;
    a->fails_in_stop = true;
    ck_assert_int_eq(container_serve(world.container, NULL), STATUS_OK);
    ck_assert_int_eq(container_run(world.container, &world.error), STATUS_EWORKER);
    ck_assert_str_eq(error_text(&world.error), "b: b broke");
    ck_assert_str_eq(probe_history, "serve a, serve b, serve c, fails b, stop c, ends c, stop a, "
                                    "fails a");
    ck_assert_int_eq(container_result(world.container, &world.error), STATUS_EWORKER);
    /* each failure is in the log, under its own service */
    const struct log_line *line = log_queue_next(&world.log);
    ck_assert_str_eq(line->service, "b");
    ck_assert_int_eq(line->level, LOG_LEVEL_ERROR);
    ck_assert_str_eq(line->text.data, "b broke");
    line = log_queue_next(&world.log);
    ck_assert_str_eq(line->service, "a");
}
END_TEST

START_TEST(a_service_that_cant_start_stops_those_before_it_and_starts_none_after_it)
{
    b->serve_returns_error = true;
    a->ends_late_after_stop = true;
    ck_assert_int_eq(container_serve(world.container, &world.error), STATUS_ESYSTEM);
    ck_assert_str_eq(error_text(&world.error), "b: b can't start");
    ck_assert(!container_done(world.container));
    ck_assert_int_eq(container_run(world.container, NULL), STATUS_ESYSTEM);
    ck_assert_str_eq(probe_history, "serve a, serve b, stop a, ends a");
}
END_TEST

START_TEST(a_failure_within_serve_counts_alike)
{
    b->end = PROBE_FAILS_IN_SERVE;
    ck_assert_int_eq(container_serve(world.container, &world.error), STATUS_EWORKER);
    ck_assert(container_done(world.container));
    ck_assert_str_eq(probe_history, "serve a, serve b, fails b, stop a, ends a");
}
END_TEST

START_TEST(one_that_ends_well_leaves_the_others_alone)
{
    a->end = PROBE_ENDS_IN_SERVE;
    b->end = PROBE_ENDS_LATER;
    ck_assert_int_eq(container_serve(world.container, NULL), STATUS_OK);
    ck_assert_int_eq(loop_step(container_loop(world.container), 0, NULL), STATUS_OK);
    ck_assert(!container_done(world.container));
    ck_assert_str_eq(probe_history, "serve a, ends a, serve b, serve c, ends b");
    container_stop(world.container);
    ck_assert_int_eq(container_run(world.container, NULL), STATUS_OK);
    ck_assert_str_eq(probe_history, "serve a, ends a, serve b, serve c, ends b, stop c, ends c");
}
END_TEST

START_TEST(stop_before_serve_starts_nothing)
{
    container_stop(world.container);
    container_stop(world.container);
    ck_assert_int_eq(container_serve(world.container, NULL), STATUS_OK);
    ck_assert_int_eq(container_run(world.container, NULL), STATUS_OK);
    ck_assert_str_eq(probe_history, "");
}
END_TEST

START_TEST(stop_comes_once_and_at_once_may_follow)
{
    b->ignores_stop = true;
    container_serve(world.container, NULL);
    container_stop(world.container);
    container_stop(world.container);
    ck_assert(!container_done(world.container));
    container_stop_now(world.container);
    container_stop_now(world.container);
    container_stop(world.container);
    ck_assert_int_eq(container_run(world.container, NULL), STATUS_OK);
    ck_assert_str_eq(probe_history, "serve a, serve b, serve c, stop c, ends c, stop b, "
                                    "stop a, ends a, stop_now b, ends b");
}
END_TEST

START_TEST(stop_at_once_needs_no_stop_before_it)
{
    container_serve(world.container, NULL);
    container_stop_now(world.container);
    ck_assert(container_done(world.container));
    ck_assert_str_eq(probe_history, "serve a, serve b, serve c, stop_now c, ends c, stop_now b, "
                                    "ends b, stop_now a, ends a");
}
END_TEST

START_TEST(an_end_is_told_once)
{
    a->end = PROBE_ENDS_IN_SERVE;
    container_serve(world.container, NULL);
    struct error late = {.status = STATUS_EWORKER};
    container_service_ended(world.container, &a->service, &late);
    container_stop(world.container);
    ck_assert_int_eq(container_run(world.container, NULL), STATUS_OK);
}
END_TEST

/* Two signals within ten milliseconds are one wish. */
static void let_a_wish_pass(void)
{
    for (int64_t later = clock_after(15); clock_now() < later;) {
    }
}

START_TEST(the_first_signal_stops_and_the_second_stops_at_once)
{
    int last = 0;
    b->ignores_stop = true;
    ck_assert_int_eq(container_take_signals(world.container, NULL, NULL), STATUS_OK);
    container_serve(world.container, NULL);
    ck_assert_uint_eq(container_signals(world.container, &last), 0);
    raise(SIGTERM);
    ck_assert_int_eq(loop_step(container_loop(world.container), CLOCK_NEVER, NULL), STATUS_OK);
    ck_assert_uint_eq(container_signals(world.container, &last), 1);
    ck_assert_int_eq(last, SIGTERM);
    ck_assert(!container_done(world.container));
    ck_assert_ptr_nonnull(strstr(log_queue_next(&world.log)->text.data, "send the signal again"));
    let_a_wish_pass();
    raise(SIGINT);
    ck_assert_int_eq(container_run(world.container, NULL), STATUS_OK);
    ck_assert_uint_eq(container_signals(world.container, &last), 2);
    ck_assert_int_eq(last, SIGINT);
    ck_assert_ptr_nonnull(strstr(log_queue_next(&world.log)->text.data, "stopping at once"));
    ck_assert_ptr_nonnull(strstr(probe_history, "stop_now b, ends b"));
}
END_TEST

START_TEST(two_signals_in_one_step_stop_at_once)
{
    int last = 0;
    b->ignores_stop = true;
    container_take_signals(world.container, NULL, NULL);
    container_serve(world.container, NULL);
    raise(SIGINT);
    let_a_wish_pass();
    raise(SIGINT);
    ck_assert_int_eq(container_run(world.container, NULL), STATUS_OK);
    ck_assert_uint_eq(container_signals(world.container, &last), 2);
}
END_TEST

START_TEST(signals_are_taken_again_after_somebody_else_took_them)
{
    int last = 0;
    container_take_signals(world.container, NULL, NULL);
    signal(SIGTERM, SIG_IGN);
    ck_assert_int_eq(container_take_signals(world.container, NULL, NULL), STATUS_OK);
    container_serve(world.container, NULL);
    raise(SIGTERM);
    ck_assert_int_eq(container_run(world.container, NULL), STATUS_OK);
    ck_assert_uint_eq(container_signals(world.container, &last), 1);
}
END_TEST

TCase *stop_case(void);
TCase *stop_case(void)
{
    TCase *test = tcase_create("stop");
    tcase_add_checked_fixture(test, set_up, tear_down);
    tcase_add_test(test, the_first_failure_stops_all_and_is_the_result);
    tcase_add_test(test, a_service_that_cant_start_stops_those_before_it_and_starts_none_after_it);
    tcase_add_test(test, a_failure_within_serve_counts_alike);
    tcase_add_test(test, one_that_ends_well_leaves_the_others_alone);
    tcase_add_test(test, stop_before_serve_starts_nothing);
    tcase_add_test(test, stop_comes_once_and_at_once_may_follow);
    tcase_add_test(test, stop_at_once_needs_no_stop_before_it);
    tcase_add_test(test, an_end_is_told_once);
    tcase_add_test(test, the_first_signal_stops_and_the_second_stops_at_once);
    tcase_add_test(test, two_signals_in_one_step_stop_at_once);
    tcase_add_test(test, signals_are_taken_again_after_somebody_else_took_them);
    return test;
}
