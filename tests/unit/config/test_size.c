#include <stdlib.h>

#include "config/size.h"
#include "suite.h"

#define MEND "; write text such as \"64MiB\" or \"512KB\", or a number of bytes"

static const struct {
    const char *text;
    int64_t bytes;
} RIGHT[] = {
    {"0", 0},
    {"4096", 4096},
    {"7B", 7},
    {"512KB", 512000},
    {"64MiB", 67108864},
    {"64mib", 67108864},
    {"1.5GiB", 1610612736},
    {"0.5KiB", 512},
    {"2TB", 2000000000000},
    {"1TiB", 1099511627776},
    {"9223372036854775807", INT64_MAX},
    {"1.0B", 1},
};

START_TEST(parses)
{
    int64_t bytes = -1;
    ck_assert_int_eq(size_parse(RIGHT[_i].text, &bytes, NULL), STATUS_OK);
    ck_assert_int_eq(bytes, RIGHT[_i].bytes);
}
END_TEST

static const struct {
    const char *text;
    const char *words;
} WRONG[] = {
    {"", "\"\" is not a size: it must start with a number" MEND},
    {"-1", "\"-1\" is not a size: it can't be negative" MEND},
    {"MiB", "\"MiB\" is not a size: it must start with a number" MEND},
    {"64M", "\"64M\" is not a size: the units are B, KB, KiB, MB, MiB, GB, GiB, TB and TiB" MEND},
    {"64 MiB",
     "\"64 MiB\" is not a size: the units are B, KB, KiB, MB, MiB, GB, GiB, TB and TiB" MEND},
    {"0.5B", "\"0.5B\" is not a size: it does not come out as whole bytes" MEND},
    {"0.3KiB", "\"0.3KiB\" is not a size: it does not come out as whole bytes" MEND},
    {"8388608TiB", "\"8388608TiB\" is not a size: it is more than can be counted" MEND},
};

START_TEST(says_what_is_wrong)
{
    struct error error = {0};
    int64_t bytes;
    ck_assert_int_eq(size_parse(WRONG[_i].text, &bytes, &error), STATUS_EINVAL);
    ck_assert_str_eq(error_text(&error), WRONG[_i].words);
    error_clear(&error);
}
END_TEST

static const struct {
    int64_t bytes;
    const char *text;
} FORMATS[] = {
    {0, "0B"},           {1000, "1000B"},         {1024, "1KiB"},          {1536, "1536B"},
    {67108864, "64MiB"}, {1610612736, "1536MiB"}, {1099511627776, "1TiB"},
};

START_TEST(formats_by_the_largest_unit_that_divides)
{
    char *text = size_format(FORMATS[_i].bytes);
    ck_assert_str_eq(text, FORMATS[_i].text);
    free(text);
}
END_TEST

TCase *size_case(void);
TCase *size_case(void)
{
    TCase *test = tcase_create("size");
    tcase_add_loop_test(test, parses, 0, sizeof RIGHT / sizeof *RIGHT);
    tcase_add_loop_test(test, says_what_is_wrong, 0, sizeof WRONG / sizeof *WRONG);
    tcase_add_loop_test(test, formats_by_the_largest_unit_that_divides, 0,
                        sizeof FORMATS / sizeof *FORMATS);
    return test;
}
