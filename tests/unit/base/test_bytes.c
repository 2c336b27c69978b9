#include <stdlib.h>

#include "base/bytes.h"
#include "suite.h"

static void expect_quote(struct bytes bytes, size_t most, const char *expected)
{
    char *quoted = bytes_quote(bytes, most);
    ck_assert_str_eq(quoted, expected);
    free(quoted);
}

START_TEST(quotes_what_cannot_be_printed)
{
    expect_quote((struct bytes){"a\"b\\\n\0\xff", 7}, 100, "\"a\\\"b\\\\\\n\\x00\\xff\"");
    expect_quote((struct bytes){NULL, 0}, 100, "\"\"");
    expect_quote((struct bytes){"abcdef", 6}, 3, "\"abc\"...");
    expect_quote((struct bytes){"abc", 3}, 3, "\"abc\"");
}
END_TEST

START_TEST(compares_by_content_and_length)
{
    ck_assert(bytes_equal(bytes_of_text("ab"), (struct bytes){"abc", 2}));
    ck_assert(!bytes_equal(bytes_of_text("ab"), bytes_of_text("abc")));
    ck_assert(bytes_equal((struct bytes){NULL, 0}, bytes_of_text("")));
}
END_TEST

TCase *bytes_case(void);
TCase *bytes_case(void)
{
    TCase *test = tcase_create("bytes");
    tcase_add_test(test, quotes_what_cannot_be_printed);
    tcase_add_test(test, compares_by_content_and_length);
    return test;
}
