/* The core schema of YAML 1.2: what a scalar without quotes is. */
#include <stdio.h>
#include <string.h>

#include "sample.h"
#include "suite.h"

static const struct {
    const char *written;
    const char *json;
} SCALARS[] = {
    {"", "null"},
    {"~", "null"},
    {"null", "null"},
    {"Null", "null"},
    {"NULL", "null"},
    {"nULL", "\"nULL\""},
    {"true", "true"},
    {"True", "true"},
    {"FALSE", "false"},
    {"yes", "\"yes\""},
    {"off", "\"off\""},
    {"0", "0"},
    {"-0", "0"},
    {"+12", "12"},
    {"-12", "-12"},
    {"010", "10"},
    {"0o17", "15"},
    {"0xfF", "255"},
    {"0x", "\"0x\""},
    {"0o8", "\"0o8\""},
    {"1_000", "\"1_000\""},
    {"9223372036854775807", "9223372036854775807"},
    {"-9223372036854775808", "-9223372036854775808"},
    {"1.5", "1.5"},
    {"-.5", "-0.5"},
    {"5.", "5.0"},
    {"1e3", "1000.0"},
    {"1.5E-1", "0.15"},
    {".", "\".\""},
    {"1e", "\"1e\""},
    {"1.2.3", "\"1.2.3\""},
    {"12:30", "\"12:30\""},
    {"2024-01-02", "\"2024-01-02\""},
    {"\"5\"", "\"5\""},
    {"'true'", "\"true\""},
    {"!!str 5", "\"5\""},
    {"! true", "\"true\""},
    {"|\n  a\n  b\n", "\"a\\nb\\n\""},
    {">\n  a\n  b\n", "\"a b\\n\""},
    {"php app.php", "\"php app.php\""},
    {"\"\\t\\u00e9\"", "\"\\té\""},
};

START_TEST(reads_scalars_by_the_core_schema)
{
    char text[128];
    struct config *config = config_new();
    ck_assert_int_gt(snprintf(text, sizeof text, "a: %s", SCALARS[_i].written), 0);
    ck_assert_int_eq(config_read_text(config, "x", text, strlen(text), NULL), 0);
    char *json = json_dumps(config_find(config, "a"), JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    ck_assert_str_eq(json, SCALARS[_i].json);
    free(json);
    config_free(config);
}
END_TEST

START_TEST(refuses_numbers_beyond_counting)
{
    sample_expect(
        sample_read("a: 9223372036854775808\nb: -9223372036854775809\nc: 0x8000000000000000\n"
                    "d: 1e999\ne: .inf\nf: -.INF\ng: .nan\n",
                    NULL),
        ".rr.yaml:1:4: a: this integer is too large to be counted; put it in quotes if it is text\n"
        ".rr.yaml:2:4: b: this integer is too large to be counted; put it in quotes if it is text\n"
        ".rr.yaml:3:4: c: this integer is too large to be counted; put it in quotes if it is text\n"
        ".rr.yaml:4:4: d: this number is too large to be counted; put it in quotes if it is text\n"
        ".rr.yaml:5:4: e: infinity and not-a-number have no meaning here; put it in quotes if it "
        "is text\n"
        ".rr.yaml:6:4: f: infinity and not-a-number have no meaning here; put it in quotes if it "
        "is text\n"
        ".rr.yaml:7:4: g: infinity and not-a-number have no meaning here; put it in quotes if it "
        "is text");
}
END_TEST

TCase *scalar_case(void);
TCase *scalar_case(void)
{
    TCase *test = tcase_create("scalar");
    tcase_add_loop_test(test, reads_scalars_by_the_core_schema, 0,
                        sizeof SCALARS / sizeof *SCALARS);
    tcase_add_test(test, refuses_numbers_beyond_counting);
    return test;
}
