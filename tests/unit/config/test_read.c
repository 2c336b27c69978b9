#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sample.h"
#include "suite.h"

static char *file_of(const char *text, size_t size)
{
    char *path = strdup("/tmp/coyote-config-XXXXXX");
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, size), (ssize_t)size);
    close(file);
    return path;
}

static void expect_file(const char *path, int status, const char *words)
{
    struct config *config = config_new();
    struct error error = {0};
    ck_assert_int_eq(config_read_file(config, path, &error), status);
    if (words != NULL) {
        ck_assert_str_eq(error_text(&error), words);
    }
    /* what could not be read leaves nothing behind */
    ck_assert_uint_eq(json_object_size(config_find(config, "")), 0);
    error_clear(&error);
    config_free(config);
}

START_TEST(reads_a_file)
{
    static const char text[] = "ticker:\n  interval: 5\n";
    char *path = file_of(text, strlen(text));
    struct config *config = config_new();
    char expected[64];
    ck_assert_int_eq(config_read_file(config, path, NULL), STATUS_OK);
    ck_assert_int_eq(json_integer_value(config_find(config, "ticker.interval")), 5);
    ck_assert_int_gt(snprintf(expected, sizeof expected, "%s:2:13", path), 0);
    ck_assert_str_eq(config_position(config, "ticker.interval"), expected);
    unlink(path);
    free(path);
    config_free(config);
}
END_TEST

START_TEST(says_how_to_mend_what_is_not_there)
{
    expect_file(
        "/nowhere/.rr.yaml", STATUS_ESYSTEM,
        "/nowhere/.rr.yaml: No such file or directory; write this file, or name another one");
    expect_file("/tmp", STATUS_ESYSTEM, "/tmp: Is a directory; name a file in it");
    expect_file("", STATUS_ESYSTEM,
                "\"\": No such file or directory; write this file, or name another one");
}
END_TEST

START_TEST(refuses_a_huge_file)
{
    size_t size = (4 << 20) + 1;
    char *text = malloc(size);
    memset(text, '#', size);
    char *path = file_of(text, size);
    char words[128];
    ck_assert_int_gt(snprintf(words, sizeof words,
                              "%s: larger than 4 MiB, which no config is; is it another file?",
                              path),
                     0);
    expect_file(path, STATUS_ETOOBIG, words);
    unlink(path);
    free(path);
    /* the largest that is allowed is read */
    text[size - 2] = '\n';
    path = file_of(text, size - 1);
    expect_file(path, STATUS_OK, NULL);
    unlink(path);
    free(path);
    free(text);
}
END_TEST

START_TEST(takes_an_empty_text_for_an_empty_tree)
{
    static const char *const texts[] = {"",    "\n\n",   "# nothing\n", "---\n",       "---\n...\n",
                                        "~\n", "null\n", "{}",          "\xef\xbb\xbf"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sample_expect(sample_read(texts[i], NULL), "{}");
    }
    struct config *config = config_new();
    ck_assert_int_eq(config_read_text(config, "x", NULL, 0, NULL), STATUS_OK);
    config_free(config);
}
END_TEST

START_TEST(reads_json_as_it_is)
{
    sample_expect(sample_read("{\n\t\"ticker\":{\"interval\":\"250ms\",\"workers.command\":"
                              "\"a\\/b \\\"c\\\" \\u00e9 \\ud83d\\ude00 \\\\ud83d\",\"list\":[1,"
                              "-2,1.5,1E2,true,null]}}\n",
                              NULL),
                  "{\"ticker\": {\"interval\": \"250ms\", \"workers\": {\"command\": "
                  "\"a/b \\\"c\\\" é 😀 \\\\ud83d\"}, \"list\": [1, -2, 1.5, 100.0, true, null]}}");
}
END_TEST

START_TEST(lets_the_later_file_win_value_by_value)
{
    static const char first[] = "a:\n  x: 1\n  y: [1, 2]\nb: 1\n";
    static const char second[] = "a.y: [3]\na.z: 4\nb: {c: 5}\n";
    struct config *config = config_new();
    ck_assert_int_eq(config_read_text(config, "first", first, strlen(first), NULL), 0);
    ck_assert_int_eq(config_read_text(config, "second", second, strlen(second), NULL), 0);
    char *text = json_dumps(config_find(config, ""), 0);
    ck_assert_str_eq(text, "{\"a\": {\"x\": 1, \"y\": [3], \"z\": 4}, \"b\": {\"c\": 5}}");
    free(text);
    ck_assert_str_eq(config_position(config, "a.x"), "first:2:6");
    ck_assert_str_eq(config_position(config, "a.y[0]"), "second:1:7");
    ck_assert_str_eq(config_position(config, "a"), "first:2:3");
    ck_assert_str_eq(config_position(config, "b.c"), "second:3:8");
    config_free(config);
}
END_TEST

START_TEST(keeps_the_config_when_a_later_text_is_wrong)
{
    struct config *config = config_new();
    ck_assert_int_eq(config_read_text(config, "x", "a: 1", 4, NULL), 0);
    ck_assert_int_eq(config_read_text(config, "y", "a: 2\n'': 3\n", 11, NULL), STATUS_ECONFIG);
    ck_assert_int_eq(config_override(config, "a=[", NULL), STATUS_ECONFIG);
    ck_assert_int_eq(json_integer_value(config_find(config, "a")), 1);
    ck_assert_str_eq(config_position(config, "a"), "x:1:4");
    config_free(config);
}
END_TEST

START_TEST(takes_the_first_of_what_is_given_twice)
{
    static const char text[] = "b: 1\nb: 2\nc: {d: 3, d: 4}\n";
    struct config *config = config_new();
    ck_assert_int_eq(config_read_text(config, "x", text, strlen(text), NULL), STATUS_ECONFIG);
    char *tree = json_dumps(config_find(config, ""), 0);
    ck_assert_str_eq(tree, "{\"b\": 1, \"c\": {\"d\": 3}}");
    ck_assert_str_eq(config_position(config, "c.d"), "x:3:8");
    free(tree);
    config_free(config);
}
END_TEST

TCase *read_case(void);
TCase *read_case(void)
{
    TCase *test = tcase_create("read");
    tcase_add_test(test, reads_a_file);
    tcase_add_test(test, says_how_to_mend_what_is_not_there);
    tcase_add_test(test, refuses_a_huge_file);
    tcase_add_test(test, takes_an_empty_text_for_an_empty_tree);
    tcase_add_test(test, reads_json_as_it_is);
    tcase_add_test(test, lets_the_later_file_win_value_by_value);
    tcase_add_test(test, keeps_the_config_when_a_later_text_is_wrong);
    tcase_add_test(test, takes_the_first_of_what_is_given_twice);
    return test;
}
