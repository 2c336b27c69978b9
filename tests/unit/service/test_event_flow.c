#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "event_world.h"
#include "suite.h"

static struct event_world world;

static void tear_down(void)
{
    event_world_close(&world);
}

START_TEST(the_source_opens_its_checked_section_and_starts_when_workers_are_ready)
{
    struct hand_executor *hand = event_world_serve(&world, 1);
    script.ready = 1;
    ck_assert_uint_eq(script.opened, 1);
    /* without what is the service's; durations in milliseconds */
    ck_assert_str_eq(script.section, "{\"every\":2000}");
    ck_assert(hand->started);
    event_world_settle_down(&world);
    ck_assert_uint_eq(script.started, 0);
    ck_assert_uint_eq(script.asked, 0);
    hand_executor_say_started(hand);
    ck_assert_uint_eq(script.started, 1);
    ck_assert_uint_eq(hand->submitted, 1);
}
END_TEST

START_TEST(a_job_is_its_event)
{
    struct hand_executor *hand = event_world_serve(&world, 1);
    script.ready = 1;
    hand_executor_say_started(hand);
    const struct job *job = hand_executor_job(hand, 0);
    ck_assert(bytes_equal(job_key(job), bytes_of_text("key")));
    ck_assert(bytes_equal(job->payload.context, bytes_of_text("context")));
    ck_assert(bytes_equal(job->payload.body, bytes_of_text("0")));
}
END_TEST

START_TEST(no_more_is_pulled_than_there_is_room)
{
    struct hand_executor *hand = event_world_serve(&world, 3);
    script.ready = 10;
    hand_executor_say_started(hand);
    ck_assert_uint_eq(script.taken, 3);
    event_world_settle_down(&world);
    ck_assert_uint_eq(script.taken, 3);
    hand_executor_finish(hand, OUTCOME_OK, "");
    ck_assert_uint_eq(script.taken, 4);
    hand_executor_finish(hand, OUTCOME_ERROR, "boom");
    ck_assert_uint_eq(script.taken, 5);
    ck_assert_str_eq(script.settled, "0 ok, 1 error");
}
END_TEST

START_TEST(a_full_executor_is_not_disturbed_by_a_ready_source)
{
    struct hand_executor *hand = event_world_serve(&world, 1);
    script.fd = eventfd(0, EFD_CLOEXEC);
    script.deadline = clock_after(60000);
    hand_executor_say_started(hand);
    script.ready = 1;
    eventfd_write(script.fd, 1);
    ck_assert_int_eq(loop_step(container_loop(world.container), CLOCK_NEVER, NULL), STATUS_OK);
    ck_assert_uint_eq(hand->submitted, 1);
    size_t asked = script.asked;
    /* still readable, and yet the loop has nothing to do */
    ck_assert_int_eq(loop_step(container_loop(world.container), 0, NULL), STATUS_ETIMEOUT);
    ck_assert_uint_eq(script.asked, asked);
    close(script.fd);
}
END_TEST

START_TEST(a_descriptor_wakes_the_pull)
{
    struct hand_executor *hand = event_world_serve(&world, 2);
    script.fd = eventfd(0, EFD_CLOEXEC);
    hand_executor_say_started(hand);
    ck_assert_uint_eq(hand->submitted, 0);
    script.ready = 2;
    event_world_settle_down(&world);
    ck_assert_uint_eq(hand->submitted, 0);
    eventfd_write(script.fd, 1);
    ck_assert_int_eq(loop_step(container_loop(world.container), CLOCK_NEVER, NULL), STATUS_OK);
    ck_assert_uint_eq(hand->submitted, 2);
    close(script.fd);
}
END_TEST

START_TEST(a_deadline_wakes_the_pull)
{
    struct hand_executor *hand = event_world_serve(&world, 1);
    script.deadline = clock_after(20);
    hand_executor_say_started(hand);
    ck_assert_uint_eq(hand->submitted, 0);
    script.ready = 1;
    while (hand->submitted == 0) {
        ck_assert_int_eq(loop_step(container_loop(world.container), CLOCK_NEVER, NULL), STATUS_OK);
    }
    ck_assert_int_ge(clock_now(), script.deadline);
}
END_TEST

START_TEST(memory_is_taken_for_as_many_as_are_under_way_and_no_more)
{
    struct hand_executor *hand = event_world_serve(&world, 2);
    script.ready = 2;
    hand_executor_say_started(hand);
    const struct job *jobs[] = {hand_executor_job(hand, 0), hand_executor_job(hand, 1)};
    for (int i = 0; i < 20; i++) {
        script.ready++;
        hand_executor_finish(hand, OUTCOME_OK, "");
        const struct job *newest = hand_executor_job(hand, 1);
        ck_assert(newest == jobs[0] || newest == jobs[1]);
    }
    ck_assert_uint_eq(hand->submitted, 22);
}
END_TEST

START_TEST(a_source_may_ask_how_much_would_be_taken)
{
    struct hand_executor *hand = event_world_serve(&world, 3);
    script.ready = 2;
    ck_assert_uint_eq(script.host->room(script.host), 0);
    ck_assert_str_eq(script.host->service, "script");
    hand_executor_say_started(hand);
    ck_assert_uint_eq(script.host->room(script.host), 1);
    hand_executor_finish(hand, OUTCOME_OK, "");
    ck_assert_uint_eq(script.host->room(script.host), 2);
    container_stop(world.container);
    ck_assert_uint_eq(script.host->room(script.host), 0);
    hand_executor_finish(hand, OUTCOME_OK, "");
}
END_TEST

/* Without a descriptor or a deadline. */
START_TEST(a_source_may_say_that_it_has_something)
{
    struct hand_executor *hand = event_world_serve(&world, 2);
    script.host->ready(script.host);
    event_world_settle_down(&world);
    ck_assert_uint_eq(script.asked, 0);
    hand_executor_say_started(hand);
    ck_assert_uint_eq(script.asked, 1);
    script.ready = 3;
    script.host->ready(script.host);
    script.host->ready(script.host);
    ck_assert_uint_eq(script.taken, 0);
    event_world_settle_down(&world);
    ck_assert_uint_eq(script.taken, 2);
    size_t asked = script.asked;
    script.host->ready(script.host);
    event_world_settle_down(&world);
    ck_assert_uint_eq(script.asked, asked);
    container_stop(world.container);
    script.host->ready(script.host);
    event_world_settle_down(&world);
    ck_assert_uint_eq(script.taken, 2);
}
END_TEST

TCase *event_flow_case(void);
TCase *event_flow_case(void)
{
    TCase *test = tcase_create("event flow");
    tcase_add_checked_fixture(test, NULL, tear_down);
    tcase_add_test(test, the_source_opens_its_checked_section_and_starts_when_workers_are_ready);
    tcase_add_test(test, a_job_is_its_event);
    tcase_add_test(test, no_more_is_pulled_than_there_is_room);
    tcase_add_test(test, a_full_executor_is_not_disturbed_by_a_ready_source);
    tcase_add_test(test, a_descriptor_wakes_the_pull);
    tcase_add_test(test, a_deadline_wakes_the_pull);
    tcase_add_test(test, memory_is_taken_for_as_many_as_are_under_way_and_no_more);
    tcase_add_test(test, a_source_may_ask_how_much_would_be_taken);
    tcase_add_test(test, a_source_may_say_that_it_has_something);
    return test;
}
