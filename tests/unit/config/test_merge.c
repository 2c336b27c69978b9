/* Anchors, aliases and merge keys. */
#include <string.h>

#include "sample.h"
#include "suite.h"

static const struct {
    const char *text;
    const char *outcome;
} MERGES[] = {
    {"a: &x 5\nb: *x\n", "{\"a\": 5, \"b\": 5}"},
    {"a: &x {y: [1]}\nb: *x\n", "{\"a\": {\"y\": [1]}, \"b\": {\"y\": [1]}}"},
    {"a: &x 1\nb: &x 2\nc: *x\n", "{\"a\": 1, \"b\": 2, \"c\": 2}"},
    {"&k a: 1\nb: *k\n", "{\"a\": 1, \"b\": \"a\"}"},
    {"d: &d {a: 1, b: 2}\ne: {<<: *d, b: 3}\n",
     "{\"d\": {\"a\": 1, \"b\": 2}, \"e\": {\"b\": 3, \"a\": 1}}"},
    {"e: {b: 3, <<: {a: 1, b: 2}}\n", "{\"e\": {\"b\": 3, \"a\": 1}}"},
    {"e: {<<: [{a: 1}, {a: 2, b: 2}], c: 3}\n", "{\"e\": {\"c\": 3, \"a\": 1, \"b\": 2}}"},
    {"x: &x {a: 1, a2: 1}\ny: &y {<<: *x, a: 2}\nz: {<<: *y}\n",
     "{\"x\": {\"a\": 1, \"a2\": 1}, \"y\": {\"a\": 2, \"a2\": 1}, \"z\": {\"a\": 2, \"a2\": 1}}"},
    {"x: &x {w.a: 1, w.b: 2, c: 3}\ny: {<<: *x, w.a: 5}\n",
     "{\"x\": {\"w\": {\"a\": 1, \"b\": 2}, \"c\": 3}, \"y\": {\"w\": {\"a\": 5}, \"c\": 3}}"},
    {"x: &x {c: 1, e: 1}\nw: {<<: *x, d: 2}\nw.c: 3\n",
     "{\"x\": {\"c\": 1, \"e\": 1}, \"w\": {\"d\": 2, \"c\": 3, \"e\": 1}}"},
    {"\"<<\": 5\n", "{\"<<\": 5}"},
    {"x: {<<: 5}\n",
     ".rr.yaml:1:9: x: \"<<\" takes a mapping, or a list of mappings, such as the alias *defaults"},
    {"x: {<<: [{a: 1}, 5]}\n",
     ".rr.yaml:1:18: x: \"<<\" takes a mapping, or a list of mappings, such as the alias "
     "*defaults"},
    {"x: &x {a: 1, a: 2}\n",
     ".rr.yaml:1:14: x.a: given twice, the first time at .rr.yaml:1:8; keep one of them"},
};

START_TEST(repeats_and_merges)
{
    sample_expect(sample_read(MERGES[_i].text, NULL), MERGES[_i].outcome);
}
END_TEST

START_TEST(points_to_where_a_merged_value_is_written)
{
    static const char text[] = "base: &base\n  interval: 5\nticker:\n  <<: *base\n";
    struct config *config = config_new();
    ck_assert_int_eq(config_read_text(config, "x", text, strlen(text), NULL), 0);
    ck_assert_str_eq(config_position(config, "ticker.interval"), "x:2:13");
    config_free(config);
}
END_TEST

START_TEST(changes_one_copy_alone)
{
    const char *options[] = {"b.y=2", NULL};
    sample_expect(sample_read("a: &x {y: 1}\nb: *x\n", options),
                  "{\"a\": {\"y\": 1}, \"b\": {\"y\": 2}}");
}
END_TEST

TCase *merge_case(void);
TCase *merge_case(void)
{
    TCase *test = tcase_create("merge");
    tcase_add_loop_test(test, repeats_and_merges, 0, sizeof MERGES / sizeof *MERGES);
    tcase_add_test(test, points_to_where_a_merged_value_is_written);
    tcase_add_test(test, changes_one_copy_alone);
    return test;
}
