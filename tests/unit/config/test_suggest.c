#include <string.h>

#include "config/suggest.h"
#include "suite.h"

static const char *const KNOWN[] = {"interval", "count", "num_workers", "command", "env", "ticker"};
enum { COUNT = sizeof KNOWN / sizeof *KNOWN };

static const struct {
    const char *word;
    const char *nearest; /* NULL: none */
} WORDS[] = {
    {"internal", "interval"},
    {"inetrval", "interval"},
    {"intervals", "interval"},
    {"INTERVAL", "interval"},
    {"numWorkers", "num_workers"},
    {"num-worker", "num_workers"},
    {"cuont", "count"},
    {"comand", "command"},
    {"tikcer", "ticker"},
    {"evn", "env"},
    {"envs", "env"},
    {"env", "env"},
    {"a", NULL},
    {"", NULL},
    {"xyz", NULL},
    {"http", NULL},
    {"server", NULL},
    {"_", NULL},
    {"cmd", NULL},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
};

START_TEST(finds_the_word_that_was_meant)
{
    const char *nearest = suggest_nearest(WORDS[_i].word, KNOWN, COUNT);
    ck_assert_pstr_eq(nearest, WORDS[_i].nearest);
}
END_TEST

START_TEST(takes_the_first_of_equally_near_words)
{
    static const char *const known[] = {"cart", "cat", "car"};
    ck_assert_str_eq(suggest_nearest("cas", known + 1, 2), "cat");
    ck_assert_str_eq(suggest_nearest("car", known, 3), "car");
    ck_assert_ptr_null(suggest_nearest("car", NULL, 0));
}
END_TEST

TCase *suggest_case(void);
TCase *suggest_case(void)
{
    TCase *test = tcase_create("suggest");
    tcase_add_loop_test(test, finds_the_word_that_was_meant, 0, sizeof WORDS / sizeof *WORDS);
    tcase_add_test(test, takes_the_first_of_equally_near_words);
    return test;
}
