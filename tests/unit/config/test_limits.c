/* Texts made to exhaust a reader. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "sample.h"
#include "suite.h"

#define TOO_DEEP "nested deeper than 64 levels; make it flatter"
#define TOO_MANY "more values than a config may hold; an alias counts each time that it is used"

static char *outcome_of(struct buffer *buffer)
{
    ck_assert_int_eq(buffer_append(buffer, (struct bytes){"", 1}), 0);
    char *outcome = sample_read(buffer_unread(buffer).data, NULL);
    buffer_free(buffer);
    return outcome;
}

static struct buffer lists(size_t depth)
{
    struct buffer text = {0};
    buffer_print(&text, "a: ");
    for (size_t i = 0; i < depth; i++) {
        buffer_print(&text, "[");
    }
    for (size_t i = 0; i < depth; i++) {
        buffer_print(&text, "]");
    }
    return text;
}

static struct buffer dotted(size_t depth)
{
    struct buffer text = {0};
    buffer_print(&text, "a");
    for (size_t i = 1; i < depth; i++) {
        buffer_print(&text, ".a");
    }
    buffer_print(&text, ": 1\n");
    return text;
}

START_TEST(bounds_nesting)
{
    struct buffer text = lists(63);
    char *outcome = outcome_of(&text);
    ck_assert_ptr_nonnull(strstr(outcome, "{\"a\": [[["));
    free(outcome);
    text = lists(64);
    sample_expect(outcome_of(&text), ".rr.yaml:1:67: " TOO_DEEP);
    text = lists(100000);
    sample_expect(outcome_of(&text), ".rr.yaml:1:67: " TOO_DEEP);
    text = dotted(64);
    outcome = outcome_of(&text);
    ck_assert_ptr_nonnull(strstr(outcome, "{\"a\": {\"a\": "));
    free(outcome);
    text = dotted(65);
    outcome = outcome_of(&text);
    ck_assert_ptr_nonnull(strstr(outcome, TOO_DEEP));
    free(outcome);
}
END_TEST

/* each alias is a hundred of the one before: a hundred to the eighth */
START_TEST(bounds_aliases_of_aliases)
{
    struct buffer text = {0};
    buffer_print(&text, "l0: &l0 [x]\n");
    for (int level = 1; level < 9; level++) {
        buffer_print(&text, "l%d: &l%d [", level, level);
        for (int i = 0; i < 100; i++) {
            buffer_print(&text, "*l%d,", level - 1);
        }
        buffer_print(&text, "]\n");
    }
    char *outcome = outcome_of(&text);
    ck_assert_msg(strstr(outcome, TOO_MANY) != NULL, "%s", outcome);
    free(outcome);
}
END_TEST

START_TEST(bounds_merges_of_merges)
{
    struct buffer text = {0};
    buffer_print(&text, "m0: &m0 {x: 1}\n");
    for (int level = 1; level < 40; level++) {
        buffer_print(&text, "m%d: &m%d {<<: [*m%d, *m%d]}\n", level, level, level - 1, level - 1);
    }
    char *outcome = outcome_of(&text);
    ck_assert_msg(strstr(outcome, TOO_MANY) != NULL, "%s", outcome);
    free(outcome);
}
END_TEST

START_TEST(bounds_a_chain_of_merges)
{
    struct buffer text = {0};
    buffer_print(&text, "m0: &m0 {x: 1}\n");
    for (int level = 1; level < 5000; level++) {
        buffer_print(&text, "m%d: &m%d {<<: *m%d}\n", level, level, level - 1);
    }
    char *outcome = outcome_of(&text);
    ck_assert_msg(strstr(outcome, TOO_DEEP) != NULL, "%s", outcome);
    free(outcome);
}
END_TEST

START_TEST(bounds_many_values)
{
    struct buffer text = {0};
    for (int i = 0; i < 600000; i++) {
        buffer_print(&text, "- a\n");
    }
    struct buffer whole = {0};
    buffer_print(&whole, "a:\n");
    buffer_append(&whole, buffer_unread(&text));
    buffer_free(&text);
    char *outcome = outcome_of(&whole);
    ck_assert_msg(strstr(outcome, TOO_MANY) != NULL, "%.100s", outcome);
    free(outcome);
}
END_TEST

START_TEST(bounds_keys)
{
    struct buffer text = {0};
    buffer_print(&text, "? ");
    for (int i = 0; i < 1025; i++) {
        buffer_print(&text, "k");
    }
    buffer_print(&text, "\n: 1\n");
    sample_expect(outcome_of(&text), ".rr.yaml:1:3: a key is longer than 1024 bytes; is a \":\" or "
                                     "a quote missing before it?");
}
END_TEST

START_TEST(counts_mistakes_beyond_the_first_hundred)
{
    struct buffer text = {0};
    for (int i = 0; i < 150; i++) {
        buffer_print(&text, "k%d: .nan\n", i);
    }
    char *outcome = outcome_of(&text);
    const char *end = "\n... and 50 more";
    ck_assert_str_eq(outcome + strlen(outcome) - strlen(end), end);
    size_t lines = 0;
    for (const char *at = outcome; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    ck_assert_uint_eq(lines, 100);
    free(outcome);
}
END_TEST

TCase *limits_case(void);
TCase *limits_case(void)
{
    TCase *test = tcase_create("limits");
    tcase_set_timeout(test, 60);
    tcase_add_test(test, bounds_nesting);
    tcase_add_test(test, bounds_aliases_of_aliases);
    tcase_add_test(test, bounds_merges_of_merges);
    tcase_add_test(test, bounds_a_chain_of_merges);
    tcase_add_test(test, bounds_many_values);
    tcase_add_test(test, bounds_keys);
    tcase_add_test(test, counts_mistakes_beyond_the_first_hundred);
    return test;
}
