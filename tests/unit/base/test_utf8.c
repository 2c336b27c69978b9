#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "suite.h"

static const struct {
    struct bytes bytes;
    const char *printed;
} forms[] = {
    {{"", 0}, ""},
    {{NULL, 0}, ""},
    {{"caf\xc3\xa9", 5}, "caf\xc3\xa9"},
    {{"\xf0\x9f\x90\xba", 4}, "\xf0\x9f\x90\xba"},
    {{"a\0\x1b\x7f\n", 5}, "a\\x00\\x1b\\x7f\\x0a"},
    {{"\\x00\"", 5}, "\\x00\""},
    {{"\xff\xc0\xaf", 3}, "\\xff\\xc0\\xaf"},
    {{"\xed\xa0\x80", 3}, "\\xed\\xa0\\x80"},          /* half of a surrogate pair */
    {{"\xf4\x90\x80\x80", 4}, "\\xf4\\x90\\x80\\x80"}, /* beyond the last character */
    {{"ab\xe2\x82", 4}, "ab"},                         /* cut off */
    {{"ab\xc3", 3}, "ab"},
    {{"\xe2\x82", 2}, "\\xe2\\x82"}, /* there would be nothing left */
    {{"ab\xe2\x28", 4}, "ab\\xe2("}, /* broken, and not by its end */
};

START_TEST(what_is_no_text_becomes_readable)
{
    struct buffer to = {0};
    ck_assert_int_eq(utf8_print(&to, forms[_i].bytes), STATUS_OK);
    ck_assert(bytes_equal(buffer_unread(&to), bytes_of_text(forms[_i].printed)));
    buffer_free(&to);
}
END_TEST

TCase *utf8_case(void);
TCase *utf8_case(void)
{
    TCase *test = tcase_create("utf8");
    tcase_add_loop_test(test, what_is_no_text_becomes_readable, 0, sizeof forms / sizeof *forms);
    return test;
}
