#include <string.h>

#include "event_world.h"
#include "suite.h"

static struct event_world world;

static void tear_down(void)
{
    event_world_close(&world);
}

static void run_to_its_end(int status)
{
    ck_assert_int_eq(container_run(world.container, &world.error), status);
    ck_assert(container_done(world.container));
    ck_assert_uint_eq(script.closed, script.opened);
    ck_assert_uint_eq(script.halted, script.opened);
}

START_TEST(the_end_of_the_source_ends_it_when_all_is_settled)
{
    /* with room for one more the end is known at once, without it later */
    struct hand_executor *hand = event_world_serve(&world, _i == 0 ? 3 : 2);
    script.ready = 2;
    script.ended = true;
    hand_executor_say_started(hand);
    hand_executor_finish(hand, OUTCOME_OK, "");
    event_world_settle_down(&world);
    ck_assert(!hand->stopped);
    hand_executor_finish(hand, OUTCOME_ERROR, "boom");
    run_to_its_end(STATUS_OK);
    ck_assert(hand->stopped);
    ck_assert_str_eq(script.settled, "0 ok, 1 error");
}
END_TEST

START_TEST(an_empty_source_ends_at_once)
{
    struct hand_executor *hand = event_world_serve(&world, 1);
    script.ended = true;
    hand_executor_say_started(hand);
    run_to_its_end(STATUS_OK);
    ck_assert_uint_eq(hand->submitted, 0);
}
END_TEST

START_TEST(stop_pulls_no_more_and_lets_what_has_begun_end)
{
    struct hand_executor *hand = event_world_serve(&world, 2);
    script.ready = 10;
    hand_executor_say_started(hand);
    container_stop(world.container);
    ck_assert(hand->stopped);
    ck_assert(!hand->stopped_now);
    ck_assert_uint_eq(script.halted, 1);
    hand_executor_finish(hand, OUTCOME_OK, "");
    ck_assert(!container_done(world.container));
    ck_assert_uint_eq(script.closed, 0);
    hand_executor_finish(hand, OUTCOME_CANCELLED, "stopping");
    run_to_its_end(STATUS_OK);
    ck_assert_uint_eq(script.taken, 2);
    ck_assert_str_eq(script.settled, "0 ok, 1 cancelled");
}
END_TEST

START_TEST(stop_before_the_workers_are_ready)
{
    struct hand_executor *hand = event_world_serve(&world, 1);
    container_stop(world.container);
    hand_executor_say_started(hand);
    run_to_its_end(STATUS_OK);
    ck_assert_uint_eq(script.started, 0);
}
END_TEST

START_TEST(stop_at_once_reaches_the_executor)
{
    struct hand_executor *hand = event_world_serve(&world, 1);
    hand_executor_say_started(hand);
    container_stop_now(world.container);
    ck_assert(hand->stopped_now);
    run_to_its_end(STATUS_OK);
}
END_TEST

START_TEST(an_executor_that_fails_is_the_reason)
{
    struct hand_executor *hand = event_world_serve(&world, 2);
    script.ready = 2;
    hand_executor_say_started(hand);
    hand_executor_say_failed(hand, "no worker boots");
    ck_assert_uint_eq(script.taken, 2);
    hand_executor_finish(hand, OUTCOME_CRASHED, "it died");
    hand_executor_finish(hand, OUTCOME_OK, "");
    run_to_its_end(STATUS_EWORKER);
    ck_assert_str_eq(error_text(&world.error), "script: no worker boots");
    ck_assert_str_eq(script.settled, "0 crashed, 1 ok");
}
END_TEST

START_TEST(an_executor_that_fails_before_it_started)
{
    struct hand_executor *hand = event_world_serve(&world, 2);
    hand_executor_say_failed(hand, "php: No such file or directory");
    run_to_its_end(STATUS_EWORKER);
    ck_assert_str_eq(error_text(&world.error), "script: php: No such file or directory");
    ck_assert_uint_eq(script.started, 0);
}
END_TEST

START_TEST(an_error_of_next_fails_the_service)
{
    struct hand_executor *hand = event_world_serve(&world, 1);
    script.ready = 1;
    hand_executor_say_started(hand);
    script.next_fails = true;
    hand_executor_finish(hand, OUTCOME_OK, "");
    run_to_its_end(STATUS_ESYSTEM);
    ck_assert_str_eq(error_text(&world.error), "script: the connection broke");
}
END_TEST

START_TEST(an_error_of_settle_fails_the_service)
{
    struct hand_executor *hand = event_world_serve(&world, 2);
    script.ready = 2;
    script.settle_fails = true;
    hand_executor_say_started(hand);
    hand_executor_finish(hand, OUTCOME_OK, "");
    event_world_settle_down(&world);
    ck_assert(hand->stopped);
    ck_assert(!container_done(world.container));
    hand_executor_finish(hand, OUTCOME_OK, "");
    run_to_its_end(STATUS_ESYSTEM);
    ck_assert_str_eq(error_text(&world.error), "script: the commit was refused");
    ck_assert_uint_eq(script.num_settled, 2);
}
END_TEST

START_TEST(an_error_of_start_fails_the_service)
{
    struct hand_executor *hand = event_world_serve(&world, 1);
    script.start_fails = true;
    hand_executor_say_started(hand);
    run_to_its_end(STATUS_ESYSTEM);
    ck_assert_str_eq(error_text(&world.error), "script: the topic is gone");
    ck_assert_uint_eq(script.asked, 0);
}
END_TEST

START_TEST(a_source_or_an_executor_that_cant_begin)
{
    ck_assert_int_eq(event_world_open(&world, "script: {workers: {command: php a.php}}"),
                     STATUS_OK);
    world.start_fails = _i == 1;
    script.open_fails = _i == 0;
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_OK);
    ck_assert_int_lt(container_serve(world.container, &world.error), 0);
    ck_assert_str_eq(error_text(&world.error),
                     _i == 0 ? "script: the broker is away" : "script: it can't start");
    ck_assert(container_done(world.container));
    ck_assert_uint_eq(script.closed, script.opened);
    ck_assert_uint_eq(script.halted, script.opened);
}
END_TEST

/* Though there is no room, so that nothing is asked of it. */
START_TEST(a_source_that_cant_go_on_ends_the_service)
{
    struct error reason = {0};
    struct hand_executor *hand = event_world_serve(&world, 1);
    script.ready = 2;
    if (_i == 0) {
        hand_executor_say_started(hand);
    }
    error_set(&reason, STATUS_ESOURCE, "the broker is away");
    (script.host->fail)(script.host, &reason);
    (script.host->fail)(script.host, &reason);
    error_clear(&reason);
    ck_assert_uint_eq(script.halted, 1);
    event_world_settle_down(&world);
    ck_assert(hand->stopped);
    if (_i == 0) {
        hand_executor_finish(hand, OUTCOME_OK, "");
    }
    run_to_its_end(STATUS_ESOURCE);
    ck_assert_str_eq(error_text(&world.error), "script: the broker is away");
    ck_assert_str_eq(script.settled, _i == 0 ? "0 ok" : "");
}
END_TEST

START_TEST(the_end_amid_everything_settles_all)
{
    struct event_world mine;
    struct hand_executor *hand = event_world_serve(&mine, 3);
    script.ready = 3;
    hand_executor_say_started(hand);
    event_world_close(&mine);
    ck_assert_str_eq(script.settled, "0 cancelled, 1 cancelled, 2 cancelled");
    ck_assert_uint_eq(script.closed, 1);
    event_world_open(&world, "{}");
}
END_TEST

TCase *event_end_case(void);
TCase *event_end_case(void)
{
    TCase *test = tcase_create("event end");
    tcase_add_checked_fixture(test, NULL, tear_down);
    tcase_add_loop_test(test, the_end_of_the_source_ends_it_when_all_is_settled, 0, 2);
    tcase_add_test(test, an_empty_source_ends_at_once);
    tcase_add_test(test, stop_pulls_no_more_and_lets_what_has_begun_end);
    tcase_add_test(test, stop_before_the_workers_are_ready);
    tcase_add_test(test, stop_at_once_reaches_the_executor);
    tcase_add_test(test, an_executor_that_fails_is_the_reason);
    tcase_add_test(test, an_executor_that_fails_before_it_started);
    tcase_add_test(test, an_error_of_next_fails_the_service);
    tcase_add_test(test, an_error_of_settle_fails_the_service);
    tcase_add_test(test, an_error_of_start_fails_the_service);
    tcase_add_loop_test(test, a_source_or_an_executor_that_cant_begin, 0, 2);
    tcase_add_loop_test(test, a_source_that_cant_go_on_ends_the_service, 0, 2);
    tcase_add_test(test, the_end_amid_everything_settles_all);
    return test;
}
