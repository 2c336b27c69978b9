/* What a check makes of a config that is right, and the language of schemas itself. */
#include <stdlib.h>
#include <string.h>

#include "sample.h"
#include "suite.h"

static char *workers(const char *rest)
{
    struct config *config = config_new();
    struct error error = {0};
    json_t *schema = schema_parse(sample_schema, &error);
    config_read_text(config, ".rr.yaml", "ticker: {workers.command: x}", 28, NULL);
    ck_assert_int_eq(config_override(config, rest, NULL), 0);
    int status = config_check(config, "ticker", schema, &error);
    ck_assert_msg(status == STATUS_OK, "%s", error_text(&error));
    char *text = json_dumps(config_find(config, "ticker"), JSON_SORT_KEYS);
    json_decref(schema);
    config_free(config);
    return text;
}

START_TEST(puts_defaults_in_nested_ones_too)
{
    sample_expect(workers("ticker.count=3"),
                  "{\"count\": 3, \"interval\": 1000, \"workers\": {\"command\": \"x\", \"pool\": "
                  "{\"destroy_timeout\": 60000, \"num_workers\": 1}}}");
}
END_TEST

START_TEST(leaves_a_mapping_out_whose_default_is_null)
{
    static const char text[] = "{\"type\": \"object\", \"properties\": {\"extra\": {\"type\": "
                               "\"object\", \"default\": null, \"properties\": {\"most\": {"
                               "\"type\": \"integer\", \"default\": 10}}}}}";
    static const char *const given[] = {"a: {}", "a: {extra: {}}", "a: {extra: {most: 3}}"};
    static const char *const made[] = {"{}", "{\"extra\": {\"most\": 10}}",
                                       "{\"extra\": {\"most\": 3}}"};
    struct config *config = config_new();
    json_t *schema = schema_parse(text, NULL);
    ck_assert_int_eq(config_read_text(config, "x", given[_i], strlen(given[_i]), NULL), 0);
    ck_assert_int_eq(config_check(config, "a", schema, NULL), 0);
    ck_assert_int_eq(config_check(config, "a", schema, NULL), 0);
    char *found = json_dumps(config_find(config, "a"), JSON_SORT_KEYS);
    ck_assert_str_eq(found, made[_i]);
    free(found);
    json_decref(schema);
    config_free(config);
}
END_TEST

START_TEST(takes_an_empty_section_for_an_empty_mapping)
{
    sample_expect(workers("ticker.workers.pool="),
                  "{\"interval\": 1000, \"workers\": {\"command\": \"x\", \"pool\": "
                  "{\"destroy_timeout\": 60000, \"num_workers\": 1}}}");
}
END_TEST

START_TEST(renames_aliases_and_their_positions)
{
    struct config *config = config_new();
    json_t *schema = schema_parse(sample_schema, NULL);
    static const char text[] = "ticker:\n  workers.command: x\n  workers.pool:\n    numWorkers: "
                               "4\n    destroyTimeout: 5\n";
    ck_assert_int_eq(config_read_text(config, "x", text, strlen(text), NULL), 0);
    ck_assert_int_eq(config_check(config, "ticker", schema, NULL), 0);
    ck_assert_int_eq(json_integer_value(config_find(config, "ticker.workers.pool.num_workers")), 4);
    ck_assert_ptr_null(config_find(config, "ticker.workers.pool.numWorkers"));
    ck_assert_str_eq(config_position(config, "ticker.workers.pool.num_workers"), "x:4:17");
    ck_assert_str_eq(config_position(config, "ticker.interval"), "default");
    /* a second check finds milliseconds and leaves them */
    ck_assert_int_eq(config_check(config, "ticker", schema, NULL), 0);
    ck_assert_int_eq(json_integer_value(config_find(config, "ticker.workers.pool.destroy_timeout")),
                     5000);
    ck_assert_int_eq(json_integer_value(config_find(config, "ticker.interval")), 1000);
    /* what is given anew is seconds again */
    ck_assert_int_eq(config_override(config, "ticker.interval=7", NULL), 0);
    ck_assert_int_eq(config_check(config, "ticker", schema, NULL), 0);
    ck_assert_int_eq(json_integer_value(config_find(config, "ticker.interval")), 7000);
    json_decref(schema);
    config_free(config);
}
END_TEST

static const struct {
    const char *written;
    int64_t milliseconds;
} INTERVALS[] = {
    {"1", 1000},
    {"999", 999000},
    {"1000", 1000000},
    {"1000000", 1000000000},
    {"9223372036854775", 9223372036854775000},
    {"1.5", 1500},
    {"1.1", 1100},
    {"0.001", 1},
    {"1e3", 1000000},
    {"\"90\"", 90000},
    {"250ms", 250},
    {"1m30s", 90000},
    {"1.5h", 5400000},
    {"\"0.5\"", 500},
};

START_TEST(takes_a_bare_number_for_seconds_whatever_its_size)
{
    const char *format = "ticker:\n  workers.command: x\n  interval: %s\n";
    struct config *config = config_new();
    json_t *schema = schema_parse(sample_schema, NULL);
    struct error error = {0};
    char text[128];
    int size = snprintf(text, sizeof text, format, INTERVALS[_i].written);
    ck_assert_int_eq(config_read_text(config, "x", text, (size_t)size, NULL), 0);
    ck_assert_msg(config_check(config, "ticker", schema, &error) == 0, "%s", error_text(&error));
    json_t *value = config_find(config, "ticker.interval");
    ck_assert(json_is_integer(value));
    ck_assert_int_eq(json_integer_value(value), INTERVALS[_i].milliseconds);
    json_decref(schema);
    config_free(config);
}
END_TEST

START_TEST(makes_bytes_of_sizes)
{
    sample_expect(workers("ticker.limit=64KiB"),
                  "{\"interval\": 1000, \"limit\": 65536, \"workers\": {\"command\": \"x\", "
                  "\"pool\": {\"destroy_timeout\": 60000, \"num_workers\": 1}}}");
    sample_expect(workers("ticker.limit=1024.0"),
                  "{\"interval\": 1000, \"limit\": 1024, \"workers\": {\"command\": \"x\", "
                  "\"pool\": {\"destroy_timeout\": 60000, \"num_workers\": 1}}}");
}
END_TEST

START_TEST(checks_a_section_that_is_absent_as_an_empty_one)
{
    struct config *config = config_new();
    json_t *schema = schema_parse("{\"type\": \"object\", \"properties\": {\"a\": {\"type\": "
                                  "\"integer\", \"default\": 5}}}",
                                  NULL);
    ck_assert_int_eq(config_check(config, "env.inner", schema, NULL), 0);
    ck_assert_int_eq(json_integer_value(config_find(config, "env.inner.a")), 5);
    ck_assert_str_eq(config_position(config, "env.inner.a"), "default");
    json_decref(schema);
    config_free(config);
}
END_TEST

START_TEST(checks_the_whole_tree_at_an_empty_path)
{
    struct config *config = config_new();
    struct error error = {0};
    json_t *schema = schema_parse("{\"type\": \"object\", \"required\": [\"log\"], \"properties\": "
                                  "{\"log\": {\"type\": \"string\"}}}",
                                  NULL);
    ck_assert_int_eq(config_read_text(config, "x", "lgo: 1", 6, NULL), 0);
    ck_assert_int_eq(config_check(config, "", schema, &error), STATUS_ECONFIG);
    ck_assert_str_eq(error_text(&error), "x:1:1: lgo: unknown key; did you mean \"log\"?");
    error_clear(&error);
    json_decref(schema);
    config_free(config);

    config = config_new();
    schema = schema_parse("{\"type\": \"object\", \"required\": [\"log\"], \"properties\": "
                          "{\"log\": {\"type\": \"string\", \"default\": null}, \"level\": "
                          "{\"type\": \"integer\"}}}",
                          NULL);
    json_object_del(json_object_get(json_object_get(schema, "properties"), "log"), "default");
    ck_assert_int_eq(config_check(config, "", schema, &error), STATUS_ECONFIG);
    ck_assert_str_eq(error_text(&error), "log: missing; write it, such as log: \"...\"");
    error_clear(&error);
    json_decref(schema);
    config_free(config);
}
END_TEST

static const struct {
    const char *text;
    const char *words;
} SCHEMAS[] = {
    {"[]", "schema of the section: must be an object"},
    {"{\"typ\": 1}", "schema of the section: \"typ\" is no word of the language "
                     "(config/schema.h)"},
    {"{\"type\": \"text\"}", "schema of the section: \"type\" must be a type or a list of types"},
    {"{\"type\": []}", "schema of the section: \"type\" must be a type or a list of types"},
    {"{\"format\": \"date\"}", "schema of the section: \"format\" must be duration, size or "
                               "command"},
    {"{\"required\": [\"a\"]}", "schema of the section: \"a\" is required but no property"},
    {"{\"required\": [1]}", "schema of the section: \"required\" must be a list of names"},
    {"{\"properties\": {\"a\": {\"minimum\": \"1\"}}}", "schema of a: \"minimum\" must be a "
                                                        "number"},
    {"{\"items\": {\"enum\": []}}", "schema of the section: \"enum\" must be a list of values"},
    {"{\"items\": 5}", "schema of the section: \"items\" must be a schema"},
    {"{\"properties\": {\"a\": {}, \"a\": {}}}",
     "schema: line 1, column 28: duplicate object key near '\"a\"'"},
};

START_TEST(finds_mistakes_in_schemas)
{
    struct error error = {0};
    ck_assert_ptr_null(schema_parse(SCHEMAS[_i].text, &error));
    ck_assert_int_eq(error.status, STATUS_EINVAL);
    ck_assert_str_eq(error_text(&error), SCHEMAS[_i].words);
    error_clear(&error);
}
END_TEST

TCase *schema_case(void);
TCase *schema_case(void)
{
    TCase *test = tcase_create("schema");
    tcase_add_test(test, puts_defaults_in_nested_ones_too);
    tcase_add_loop_test(test, leaves_a_mapping_out_whose_default_is_null, 0, 3);
    tcase_add_test(test, takes_an_empty_section_for_an_empty_mapping);
    tcase_add_test(test, renames_aliases_and_their_positions);
    tcase_add_loop_test(test, takes_a_bare_number_for_seconds_whatever_its_size, 0,
                        sizeof INTERVALS / sizeof *INTERVALS);
    tcase_add_test(test, makes_bytes_of_sizes);
    tcase_add_test(test, checks_a_section_that_is_absent_as_an_empty_one);
    tcase_add_test(test, checks_the_whole_tree_at_an_empty_path);
    tcase_add_loop_test(test, finds_mistakes_in_schemas, 0, sizeof SCHEMAS / sizeof *SCHEMAS);
    return test;
}
