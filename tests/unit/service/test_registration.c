#include <stdio.h>
#include <string.h>

#include "event_world.h"
#include "service/event/event_service.h"
#include "suite.h"

static struct event_world world;

static void tear_down(void)
{
    event_world_close(&world);
}

#define WORKERS "workers: {command: php a.php}"

START_TEST(sections_are_services_in_the_order_of_the_file)
{
    ck_assert_int_eq(event_world_open(&world,
                                      "version: \"2.7\"\n"
                                      "second: {source: ticker, interval: 1, " WORKERS "}\n"
                                      "ticker: {interval: 1, " WORKERS "}\n"
                                      "log: {level: debug}\n"
                                      "env: {A: 1}\n"
                                      "script: {source: ticker, interval: 1, " WORKERS "}\n"),
                     STATUS_OK);
    static const char *const names[] = {"env", "second", "ticker", "script"};
    for (size_t i = 0; i < 4; i++) {
        const struct service *service = container_service(world.container, i);
        ck_assert_str_eq(service->name, names[i]);
        ck_assert_int_eq(event_service_is(service), i > 0);
    }
    ck_assert_ptr_null(container_service(world.container, 4));
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_OK);
    ck_assert_uint_eq(container_enabled(world.container), 3);
}
END_TEST

static const struct {
    const char *yaml;
    const char *words;
} mistakes[] = {
    {"tickr: {interval: 1}", "test.yaml:1:1: tickr: unknown section; did you mean \"ticker\"?"},
    {"environment: {A: 1}",
     "test.yaml:1:1: environment: unknown section; sources are: ticker, script"},
    {"evn: {A: 1}", "did you mean \"env\"?"},
    {"jobs: {interval: 1}", "needs a key \"source\""},
    {"jobs: {source: tikcer}", "jobs.source: unknown kind of source; did you mean \"ticker\"?"},
    {"jobs: {source: env}", "jobs.source: unknown kind of source; sources are: ticker, script"},
    {"jobs: {source: 5}", "jobs.source: unknown kind of source"},
    {"{}", "The least that does something:\n\n  ticker:\n    interval: 1\n"},
    {"env: {A: 1}", "no section names a source of events"},
};

START_TEST(a_mistake_is_told_with_its_mend)
{
    ck_assert_int_eq(event_world_open(&world, mistakes[_i].yaml), STATUS_ECONFIG);
    ck_assert_msg(strstr(error_text(&world.error), mistakes[_i].words) != NULL, "%s",
                  error_text(&world.error));
}
END_TEST

START_TEST(the_good_sections_are_registered_beside_the_bad)
{
    ck_assert_int_eq(event_world_open(&world, "a: {}\nscript: {" WORKERS "}\nb: {source: none}\n"),
                     STATUS_ECONFIG);
    ck_assert_ptr_nonnull(strstr(error_text(&world.error), "test.yaml:1:1: a: "));
    ck_assert_ptr_nonnull(strstr(error_text(&world.error), "\ntest.yaml:3:13: b.source: "));
    ck_assert_str_eq(container_service(world.container, 1)->name, "script");
}
END_TEST

START_TEST(what_no_executor_can_be_made_of_is_told_with_the_rest)
{
    ck_assert_int_eq(event_world_open(&world, "script: {every: never, " WORKERS "}\n"
                                              "two: {source: script, " WORKERS "}\n"
                                              "three: {source: script, worker: 1}\n"),
                     STATUS_OK);
    world.refuses = "two";
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_ECONFIG);
    const char *text = error_text(&world.error);
    ck_assert_ptr_nonnull(strstr(text, "script.every: "));
    ck_assert_ptr_nonnull(strstr(text, "two: it can't be run here"));
    ck_assert_ptr_nonnull(strstr(text, "three.worker: unknown key; did you mean \"workers\"?"));
}
END_TEST

START_TEST(the_seeds_own_mistake)
{
    ck_assert_int_eq(event_world_open(&world, "ticker:\n    internal: 1\n"
                                              "    workers.command: \"php app.php\"\n"),
                     STATUS_OK);
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_ECONFIG);
    ck_assert_str_eq(error_text(&world.error),
                     "test.yaml:2:5: ticker.internal: unknown key; did you mean \"interval\"?");
}
END_TEST

static const char *const intervals[] = {"0", "\"0s\"", "0ms"};

START_TEST(an_interval_of_nothing)
{
    char yaml[128];
    snprintf(yaml, sizeof yaml, "ticker:\n  interval: %s\n  " WORKERS "\n", intervals[_i]);
    ck_assert_int_eq(event_world_open(&world, yaml), STATUS_OK);
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_ECONFIG);
    ck_assert_str_eq(error_text(&world.error),
                     "test.yaml:2:13: ticker.interval: interval must be at least one second, or a "
                     "duration such as \"100ms\"");
}
END_TEST

TCase *registration_case(void);
TCase *registration_case(void)
{
    TCase *test = tcase_create("registration");
    tcase_add_checked_fixture(test, NULL, tear_down);
    tcase_add_test(test, sections_are_services_in_the_order_of_the_file);
    tcase_add_loop_test(test, a_mistake_is_told_with_its_mend, 0,
                        sizeof mistakes / sizeof *mistakes);
    tcase_add_test(test, the_good_sections_are_registered_beside_the_bad);
    tcase_add_test(test, what_no_executor_can_be_made_of_is_told_with_the_rest);
    tcase_add_test(test, the_seeds_own_mistake);
    tcase_add_loop_test(test, an_interval_of_nothing, 0, sizeof intervals / sizeof *intervals);
    return test;
}
