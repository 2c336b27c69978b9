#include <string.h>

#include "event_world.h"
#include "suite.h"

static struct event_world world;

static void tear_down(void)
{
    event_world_close(&world);
}

static const struct {
    enum outcome outcome;
    enum log_level level;
    const char *message;
    const char *line;
} told[] = {
    {OUTCOME_OK, LOG_LEVEL_DEBUG, "", "event 0: ok"},
    {OUTCOME_ERROR, LOG_LEVEL_WARNING, "boom", "event 0: error: boom"},
    {OUTCOME_CRASHED, LOG_LEVEL_ERROR, "exit status 3", "event 0: crashed: exit status 3 (job 1)"},
    {OUTCOME_TIMED_OUT, LOG_LEVEL_ERROR, "60 s", "event 0: timed_out: 60 s (job 1)"},
    {OUTCOME_REJECTED, LOG_LEVEL_ERROR, "too big", "event 0: rejected: too big"},
    {OUTCOME_CANCELLED, LOG_LEVEL_INFO, "stopping",
     "event 0: cancelled: stopping (it has not run)"},
};

START_TEST(every_outcome_is_a_line_with_its_reason)
{
    struct hand_executor *hand = event_world_serve(&world, 1);
    script.ready = 1;
    hand_executor_say_started(hand);
    ck_assert_str_eq(event_world_line(&world, LOG_LEVEL_INFO),
                     "serving: source script, 2 workers, php a.php");
    hand_executor_finish(hand, told[_i].outcome, told[_i].message);
    const struct log_line *line = log_queue_next(&world.log);
    ck_assert_int_eq(line->level, told[_i].level);
    ck_assert_str_eq(line->text.data, told[_i].line);
    ck_assert_str_eq(line->service, "script");
    ck_assert_int_eq(line->pid, 4242);
    ck_assert_ptr_null(log_queue_next(&world.log));
}
END_TEST

static const struct service *event_service(void)
{
    size_t index = 0;
    while (!event_service_is(container_service(world.container, index))) {
        index++;
    }
    return container_service(world.container, index);
}

/* _i: before the executor has started, or after. */
START_TEST(health_is_logged_and_kept)
{
    static const char ill[] = "unhealthy: half deployed; the next try is in 1.";
    static const char well[] = "healthy again after 0.";
    struct hand_executor *hand = event_world_serve(&world, 1);
    if (_i == 1) {
        hand_executor_say_started(hand);
    }
    ck_assert_ptr_null(container_service_health(event_service()));
    hand_executor_say_health(hand, "half deployed");
    ck_assert_str_eq(error_text(container_service_health(event_service())), "half deployed");
    const char *line = event_world_line(&world, LOG_LEVEL_ERROR);
    ck_assert_msg(strncmp(line, ill, sizeof ill - 1) == 0, "%s", line);
    hand_executor_say_health(hand, NULL);
    ck_assert_ptr_null(container_service_health(event_service()));
    line = event_world_line(&world, LOG_LEVEL_INFO);
    ck_assert_msg(strncmp(line, well, sizeof well - 1) == 0, "%s", line);
    ck_assert_ptr_null(container_service_health(container_service(world.container, 0))); /* env */
}
END_TEST

START_TEST(nothing_is_formatted_below_the_minimum)
{
    struct hand_executor *hand = event_world_serve(&world, 1);
    script.ready = 1;
    world.log.log.minimum = LOG_LEVEL_WARNING;
    hand_executor_say_started(hand);
    hand_executor_finish(hand, OUTCOME_OK, "");
    ck_assert_str_eq(event_world_line(&world, LOG_LEVEL_DEBUG), "");
}
END_TEST

TCase *event_log_case(void);
TCase *event_log_case(void)
{
    TCase *test = tcase_create("event log");
    tcase_add_checked_fixture(test, NULL, tear_down);
    tcase_add_loop_test(test, every_outcome_is_a_line_with_its_reason, 0,
                        sizeof told / sizeof *told);
    tcase_add_loop_test(test, health_is_logged_and_kept, 0, 2);
    tcase_add_test(test, nothing_is_formatted_below_the_minimum);
    return test;
}
