/* -o KEY=VALUE */
#include <string.h>

#include "sample.h"
#include "suite.h"

static const struct {
    const char *text;
    const char *option;
    const char *outcome;
} OPTIONS[] = {
    {"", "a.b.c=250ms", "{\"a\": {\"b\": {\"c\": \"250ms\"}}}"},
    {"a: {b: 1, c: 2}", "a.b=5", "{\"a\": {\"b\": 5, \"c\": 2}}"},
    {"a: {b: 1}", "a={c: 2}", "{\"a\": {\"b\": 1, \"c\": 2}}"},
    {"a: [1, 2]", "a=[3]", "{\"a\": [3]}"},
    {"a: 5", "a.b=1", "{\"a\": {\"b\": 1}}"},
    {"a:", "a.b=1", "{\"a\": {\"b\": 1}}"},
    {"", "a=", "{\"a\": null}"},
    {"", "a=\"\"", "{\"a\": \"\"}"},
    {"", "a=\"5\"", "{\"a\": \"5\"}"},
    {"", "a=b=c", "{\"a\": \"b=c\"}"},
    {"", "a=php app.php --x='y z'", "{\"a\": \"php app.php --x='y z'\"}"},
    {"", "a={\"b.c\": true}", "{\"a\": {\"b\": {\"c\": true}}}"},
    {"", "a",
     "option -o a: there is no \"=\" in it; write -o KEY=VALUE, such as -o ticker.interval=250ms"},
    {"", "",
     "option -o : there is no \"=\" in it; write -o KEY=VALUE, such as -o ticker.interval=250ms"},
    {"", "=5",
     "option -o =5: there is no key before the \"=\"; write -o KEY=VALUE, such as -o "
     "ticker.interval=250ms"},
    {"", "a.=5",
     "option -o a.: a part of this key is empty; a dot stands between two names, as in "
     "\"workers.command\""},
    {"", "a=[1",
     "option -o a: the \"[\" opened here is never closed; add \"]\", or the \",\" that "
     "is missing"},
    {"", "a=@x", "option -o a: a text can't start with \"@\"; put it in quotes"},
    {"", "a={b: 1, b: 2}",
     "option -o a: a.b: given twice, the first time at option -o a; keep one of them"},
    {"", "a=.nan",
     "option -o a: a: infinity and not-a-number have no meaning here; put it in "
     "quotes if it is text"},
    {"", "a\xff=1", "option -o a\xff: the byte 0xff is not UTF-8 text; save the file as UTF-8"},
};

START_TEST(sets_one_value)
{
    const char *options[] = {OPTIONS[_i].option, NULL};
    sample_expect(sample_read(OPTIONS[_i].text, options), OPTIONS[_i].outcome);
}
END_TEST

START_TEST(names_the_option_where_its_value_is_wrong)
{
    const char *options[] = {"ticker.interval=0", "ticker.cuont=3",
                             "ticker.workers.pool.num_workers=x", NULL};
    sample_expect(sample_check("ticker:\n  workers.command: x\n  ratio: 2\n", options),
                  ".rr.yaml:3:10: ticker.ratio: found the integer 2; expected a number from 0 to "
                  "1\n"
                  "option -o ticker.interval: ticker.interval: interval must be at least one "
                  "second, or a duration such as \"100ms\"\n"
                  "option -o ticker.cuont: ticker.cuont: unknown key; did you mean \"count\"?\n"
                  "option -o ticker.workers.pool.num_workers: ticker.workers.pool.num_workers: "
                  "found the text \"x\"; expected an integer from 1 to 500");
}
END_TEST

START_TEST(keeps_the_files_place_of_a_mapping_that_an_option_goes_through)
{
    const char *options[] = {"ticker.interval=5", NULL};
    sample_expect(sample_check("\nticker:\n  count: 3\n", options),
                  ".rr.yaml:2:1: ticker.workers: missing; write it below \"ticker\", such as "
                  "workers: {\"command\": \"php app.php\"}");
}
END_TEST

TCase *override_case(void);
TCase *override_case(void)
{
    TCase *test = tcase_create("override");
    tcase_add_loop_test(test, sets_one_value, 0, sizeof OPTIONS / sizeof *OPTIONS);
    tcase_add_test(test, names_the_option_where_its_value_is_wrong);
    tcase_add_test(test, keeps_the_files_place_of_a_mapping_that_an_option_goes_through);
    return test;
}
