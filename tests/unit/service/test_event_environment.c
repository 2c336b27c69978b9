#include <string.h>

#include "event_environment.h"
#include "event_world.h"
#include "suite.h"

static struct event_world world;

static void tear_down(void)
{
    event_world_close(&world);
}

/* Whether a line stands among those that an executor was given. */
static bool has(size_t executor, const char *line)
{
    const char *lines = world.mode[executor];
    const char *at = strstr(lines, line);
    size_t length = strlen(line);
    return at != NULL && (at == lines || at[-1] == ' ') &&
           (at[length] == ' ' || at[length] == '\0');
}

START_TEST(a_worker_sees_whom_it_serves)
{
    ck_assert_int_eq(
        event_world_open(&world, "ticker: {interval: 1, workers: {command: php a.php}}"),
        STATUS_OK);
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_OK);
    ck_assert_str_eq(world.mode[0], "HOME=/here RR=true RR_MODE=ticker RR_TICKER=true");
}
END_TEST

START_TEST(services_side_by_side_dont_see_each_other)
{
    ck_assert_int_eq(event_world_open(&world,
                                      "ticker: {interval: 1, workers: {command: php a.php}}\n"
                                      "my-jobs: {source: script, workers: {command: php b.php}}\n"
                                      "slow ticks: {source: ticker, interval: 60,"
                                      " workers: {command: php a.php}}\n"
                                      "env: {shared: 1}\n"),
                     STATUS_OK);
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_OK);
    ck_assert_uint_eq(world.made, 3);
    ck_assert_str_eq(world.mode[0], "HOME=/here RR=true SHARED=1 RR_MODE=ticker RR_TICKER=true");
    ck_assert_str_eq(world.mode[1],
                     "HOME=/here RR=true SHARED=1 RR_MODE=script RR_SCRIPT=true RR_MY_JOBS=true");
    ck_assert_str_eq(world.mode[2], "HOME=/here RR=true SHARED=1 RR_MODE=ticker RR_TICKER=true "
                                    "RR_SLOW_TICKS=true");
}
END_TEST

START_TEST(workers_env_is_on_top_and_for_one_service_alone)
{
    ck_assert_int_eq(event_world_open(&world,
                                      "script: {workers: {command: php a.php,"
                                      " env: {home: /mine, SHARED: 2, deep: true}}}\n"
                                      "ticker: {interval: 1, workers: {command: php a.php}}\n"
                                      "env: {shared: 1}\n"),
                     STATUS_OK);
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_OK);
    ck_assert(has(0, "HOME=/mine"));
    ck_assert(has(0, "SHARED=2"));
    ck_assert(has(0, "DEEP=true"));
    ck_assert(has(1, "HOME=/here"));
    ck_assert(has(1, "SHARED=1"));
    ck_assert(!has(1, "DEEP=true"));
    ck_assert(!has(1, "RR_SCRIPT=true"));
}
END_TEST

START_TEST(mistakes_in_workers_env_name_their_place)
{
    ck_assert_int_eq(event_world_open(&world, "script:\n  workers:\n    command: php a.php\n"
                                              "    env:\n      A: [1]\n"),
                     STATUS_OK);
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_ECONFIG);
    ck_assert_ptr_nonnull(
        strstr(error_text(&world.error), "test.yaml:5:10: script.workers.env.A: "));
}
END_TEST

TCase *event_environment_case(void);
TCase *event_environment_case(void)
{
    TCase *test = tcase_create("event environment");
    tcase_add_checked_fixture(test, NULL, tear_down);
    tcase_add_test(test, a_worker_sees_whom_it_serves);
    tcase_add_test(test, services_side_by_side_dont_see_each_other);
    tcase_add_test(test, workers_env_is_on_top_and_for_one_service_alone);
    tcase_add_test(test, mistakes_in_workers_env_name_their_place);
    return test;
}
