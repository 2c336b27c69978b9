#include <stdlib.h>
#include <string.h>

#include "config/duration.h"
#include "suite.h"

#define MEND "; write text such as \"250ms\", \"1m30s\" or \"1.5h\", or a number of seconds"

static const struct {
    const char *text;
    int64_t milliseconds;
} RIGHT[] = {
    {"0", 0},
    {"0s", 0},
    {"90", 90000},
    {"250ms", 250},
    {"1m30s", 90000},
    {"1.5h", 5400000},
    {"1d2h3m4s5ms", 93784005},
    {".5s", 500},
    {"5.s", 5000},
    {"0.001", 1},
    {"1.500s", 1500},
    {"0.00000001157407407407407407d", -1}, /* see below: it is too fine */
    {"0.125d", 10800000},
    {"1000000", 1000000000},
    {"9223372036854775807ms", INT64_MAX},
    {"9223372036854775s807ms", INT64_MAX},
    {"00005s", 5000},
};

START_TEST(parses)
{
    int64_t milliseconds = -1;
    int status = duration_parse(RIGHT[_i].text, &milliseconds, NULL);
    ck_assert_int_eq(status, RIGHT[_i].milliseconds < 0 ? STATUS_EINVAL : STATUS_OK);
    ck_assert_int_eq(milliseconds, RIGHT[_i].milliseconds);
}
END_TEST

static const struct {
    const char *text;
    const char *words;
} WRONG[] = {
    {"", "\"\" is not a duration: it is empty" MEND},
    {"-1s", "\"-1s\" is not a duration: it can't be negative" MEND},
    {"s", "\"s\" is not a duration: a number must come before each unit" MEND},
    {" 5s", "\" 5s\" is not a duration: a number must come before each unit" MEND},
    {".s", "\".s\" is not a duration: a number must come before each unit" MEND},
    {"1m-5s", "\"1m-5s\" is not a duration: a number must come before each unit" MEND},
    {"5 s", "\"5 s\" is not a duration: there is no unit \" s\", only d, h, m, s and ms" MEND},
    {"5S", "\"5S\" is not a duration: there is no unit \"S\", only d, h, m, s and ms" MEND},
    {"5µs", "\"5µs\" is not a duration: there is no unit \"µs\", only d, h, m, s and ms" MEND},
    {"1m30", "\"1m30\" is not a duration: a number in it has no unit (d, h, m, s, ms)" MEND},
    {"1.2.3s", "\"1.2.3s\" is not a duration: a number in it has no unit (d, h, m, s, ms)" MEND},
    {"1s1m", "\"1s1m\" is not a duration: the units must go from large to small, each once" MEND},
    {"1s1s", "\"1s1s\" is not a duration: the units must go from large to small, each once" MEND},
    {"0.5ms", "\"0.5ms\" is not a duration: it is finer than a millisecond" MEND},
    {"1.0001s", "\"1.0001s\" is not a duration: it is finer than a millisecond" MEND},
    {"9223372036854775808ms",
     "\"9223372036854775808ms\" is not a duration: it is longer than can be counted" MEND},
    {"9223372036854775s808ms",
     "\"9223372036854775s808ms\" is not a duration: it is longer than can be counted" MEND},
    {"106751991168d", "\"106751991168d\" is not a duration: it is longer than can be counted" MEND},
    {"99999999999999999999999",
     "\"99999999999999999999999\" is not a duration: it is longer than can be counted" MEND},
};

START_TEST(says_what_is_wrong)
{
    struct error error = {0};
    int64_t milliseconds;
    ck_assert_int_eq(duration_parse(WRONG[_i].text, &milliseconds, &error), STATUS_EINVAL);
    ck_assert_str_eq(error_text(&error), WRONG[_i].words);
    error_clear(&error);
}
END_TEST

static const struct {
    int64_t milliseconds;
    const char *text;
} FORMATS[] = {
    {0, "0s"},
    {1, "1ms"},
    {250, "250ms"},
    {90000, "1m30s"},
    {86400000, "1d"},
    {93784005, "1d2h3m4s5ms"},
    {-1500, "-1s500ms"},
    {INT64_MAX, "106751991167d7h12m55s807ms"},
    {INT64_MIN, "-106751991167d7h12m55s808ms"},
};

START_TEST(formats_and_reads_back)
{
    char *text = duration_format(FORMATS[_i].milliseconds);
    ck_assert_str_eq(text, FORMATS[_i].text);
    int64_t again;
    if (FORMATS[_i].milliseconds >= 0) {
        ck_assert_int_eq(duration_parse(text, &again, NULL), STATUS_OK);
        ck_assert_int_eq(again, FORMATS[_i].milliseconds);
    }
    free(text);
}
END_TEST

TCase *duration_case(void);
TCase *duration_case(void)
{
    TCase *test = tcase_create("duration");
    tcase_add_loop_test(test, parses, 0, sizeof RIGHT / sizeof *RIGHT);
    tcase_add_loop_test(test, says_what_is_wrong, 0, sizeof WRONG / sizeof *WRONG);
    tcase_add_loop_test(test, formats_and_reads_back, 0, sizeof FORMATS / sizeof *FORMATS);
    return test;
}
