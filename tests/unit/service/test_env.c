#include <string.h>

#include "container/container.h"
#include "service/env/env_section.h"
#include "service/env/env_service.h"
#include "suite.h"

static struct config *config;
static struct environment *environment;
static struct container *container;
static struct error error;

static void init(const char *yaml)
{
    static char *const server[] = {"HOME=/here", "LANG=C", NULL};
    config = config_new();
    ck_assert_int_eq(config_read_text(config, "test.yaml", yaml, strlen(yaml), &error), STATUS_OK);
    environment = environment_new(server);
    container = container_new(config, NULL, environment, &error);
    ck_assert_int_eq(env_service_register(container, &error), STATUS_OK);
}

static void tear_down(void)
{
    container_free(container);
    config_free(config);
    error_clear(&error);
}

static void assert_variable(const char *name, const char *value)
{
    const char *found = environment_get(environment, name);
    ck_assert_msg(found != NULL && strcmp(found, value) == 0, "%s is %s", name,
                  found == NULL ? "not set" : found);
}

START_TEST(rr_is_set_without_a_section)
{
    init("{}");
    ck_assert_int_eq(container_init(container, &error), STATUS_OK);
    assert_variable("RR", "true");
    assert_variable("HOME", "/here");
    ck_assert_uint_eq(container_enabled(container), 0);
}
END_TEST

START_TEST(values_become_text_and_names_upper_case)
{
    init("env:\n  app_env: prod\n  LANG: de\n  COUNT: 42\n  RATIO: 1.5\n  ON: true\n  OFF: false\n"
         "  QUOTED: \"007\"\n  NOTHING: \"\"\n  NEGATIVE: -3\n");
    ck_assert_int_eq(container_init(container, &error), STATUS_OK);
    assert_variable("APP_ENV", "prod");
    assert_variable("LANG", "de");
    assert_variable("COUNT", "42");
    assert_variable("RATIO", "1.5");
    assert_variable("ON", "true");
    assert_variable("OFF", "false");
    assert_variable("QUOTED", "007");
    assert_variable("NOTHING", "");
    assert_variable("NEGATIVE", "-3");
    assert_variable("RR", "true");
}
END_TEST

START_TEST(the_users_own_rr_wins)
{
    init("env: {rr: mine}\n");
    ck_assert_int_eq(container_init(container, &error), STATUS_OK);
    assert_variable("RR", "mine");
}
END_TEST

START_TEST(all_mistakes_are_told_with_their_place)
{
    init("env:\n  LIST: [1]\n  GOOD: 1\n  'A=B': 1\n  NOTHING: ~\n");
    ck_assert_int_eq(container_init(container, &error), STATUS_ECONFIG);
    const char *text = error_text(&error);
    ck_assert_ptr_nonnull(strstr(text, "test.yaml:2:9: env.LIST: an environment variable is text"));
    ck_assert_ptr_nonnull(strstr(text, "test.yaml:4:10: env.A=B: the name of an environment"));
    ck_assert_ptr_nonnull(strstr(text, "env.NOTHING: "));
    ck_assert_ptr_null(strstr(text, "GOOD"));
}
END_TEST

START_TEST(a_section_that_is_no_map)
{
    init("env: [A, B]\n");
    ck_assert_int_eq(container_init(container, &error), STATUS_ECONFIG);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "test.yaml:1:6: env: "));
}
END_TEST

TCase *env_case(void);
TCase *env_case(void)
{
    TCase *test = tcase_create("env");
    tcase_add_checked_fixture(test, NULL, tear_down);
    tcase_add_test(test, rr_is_set_without_a_section);
    tcase_add_test(test, values_become_text_and_names_upper_case);
    tcase_add_test(test, the_users_own_rr_wins);
    tcase_add_test(test, all_mistakes_are_told_with_their_place);
    tcase_add_test(test, a_section_that_is_no_map);
    return test;
}
