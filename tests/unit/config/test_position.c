#include <string.h>

#include "sample.h"
#include "suite.h"

static struct config *config_of(const char *text)
{
    struct config *config = config_new();
    ck_assert_int_eq(config_read_text(config, "x", text, strlen(text), NULL), 0);
    return config;
}

START_TEST(finds_values_by_path)
{
    struct config *config = config_of("a:\n  b: [1, [2, {c: 3}]]\n\"k[0]\": 4\n");
    ck_assert(json_is_object(config_find(config, "")));
    ck_assert(json_is_object(config_find(config, "a")));
    ck_assert_int_eq(json_integer_value(config_find(config, "a.b[0]")), 1);
    ck_assert_int_eq(json_integer_value(config_find(config, "a.b[1][1].c")), 3);
    ck_assert_int_eq(json_integer_value(config_find(config, "k[0]")), 4);
    static const char *const absent[] = {
        "b",       "a.c",   "a.b.c",        "a.b[2]",  "a.b[]",
        "a.b[-1]", "a.b[0", "a.b[x]",       "a.b[0]x", "a.b[99999999999999999999]",
        "a..b",    ".a",    "a.b[1][1].c.d"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        ck_assert_msg(config_find(config, absent[i]) == NULL, "%s", absent[i]);
    }
    config_free(config);
}
END_TEST

START_TEST(keeps_where_each_value_is_written)
{
    struct config *config = config_of("a:\n  b: 1\n  c:\n    - x\n    - y: z\nd.e: \"é\"\n");
    ck_assert_str_eq(config_position(config, ""), "x:1:1");
    ck_assert_str_eq(config_position(config, "a"), "x:2:3");
    ck_assert_str_eq(config_position(config, "a.b"), "x:2:6");
    ck_assert_str_eq(config_position(config, "a.c[0]"), "x:4:7");
    ck_assert_str_eq(config_position(config, "a.c[1].y"), "x:5:10");
    ck_assert_str_eq(config_position(config, "d"), "x:6:1");
    ck_assert_str_eq(config_position(config, "d.e"), "x:6:6");
    /* what is absent belongs below the nearest key that is there */
    ck_assert_str_eq(config_position(config, "a.b.c.d"), "x:2:3");
    ck_assert_str_eq(config_position(config, "a.zzz"), "x:1:1");
    ck_assert_str_eq(config_position(config, "zzz"), "x:1:1");
    config_free(config);
    config = config_new();
    ck_assert_str_eq(config_position(config, ""), "default");
    ck_assert_str_eq(config_position(config, "a"), "default");
    config_free(config);
}
END_TEST

START_TEST(puts_a_position_before_a_mistake)
{
    struct config *config = config_of("a:\n  b: 1\n");
    struct error error = {0};
    ck_assert_int_eq(config_mistake(config, "a.b", &error, "%d is odd", 1), STATUS_ECONFIG);
    ck_assert_int_eq(error.status, STATUS_ECONFIG);
    ck_assert_str_eq(error_text(&error), "x:2:6: a.b: 1 is odd");
    config_mistake(config, "a.c", &error, "missing");
    ck_assert_str_eq(error_text(&error), "x:1:1: a.c: missing");
    config_mistake(config, "", &error, "100%% wrong");
    ck_assert_str_eq(error_text(&error), "x:1:1: 100% wrong");
    error_clear(&error);
    config_free(config);
    config = config_new();
    config_mistake(config, "a", &error, "missing");
    ck_assert_str_eq(error_text(&error), "a: missing");
    error_clear(&error);
    config_free(config);
}
END_TEST

START_TEST(points_a_mistake_about_a_default_to_its_section)
{
    struct config *config = config_of("\nticker:\n  workers.command: x\n");
    struct error error = {0};
    json_t *schema = schema_parse(sample_schema, NULL);
    ck_assert_int_eq(config_check(config, "ticker", schema, NULL), 0);
    config_mistake(config, "ticker.interval", &error, "too short here");
    ck_assert_str_eq(error_text(&error), "x:2:1: ticker.interval: too short here");
    error_clear(&error);
    json_decref(schema);
    config_free(config);
}
END_TEST

TCase *position_case(void);
TCase *position_case(void)
{
    TCase *test = tcase_create("position");
    tcase_add_test(test, finds_values_by_path);
    tcase_add_test(test, keeps_where_each_value_is_written);
    tcase_add_test(test, puts_a_position_before_a_mistake);
    tcase_add_test(test, points_a_mistake_about_a_default_to_its_section);
    return test;
}
