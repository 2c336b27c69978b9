/* Texts that are not YAML: the place, and what is wrong in plain words. */
#include <string.h>

#include "sample.h"
#include "suite.h"

#define COLON                                                                                      \
    "a \":\" can't stand here; put text that has \": \" in it in quotes, and check that this "     \
    "line "                                                                                        \
    "is indented as its neighbours, and that the key above has a \":\" and a space after it"
#define ROOT                                                                                       \
    "a config is a mapping: the name of a section and a \":\", and below it, indented, its keys"
#define TAG                                                                                        \
    "this tag (a word that starts with !) has no meaning here; remove it, or put text that "       \
    "starts "                                                                                      \
    "with ! in quotes"

static const struct {
    const char *text;
    const char *words;
} BROKEN[] = {
    {"ticker:\n\tinterval: 5\n", ".rr.yaml:2:1: a tab can't indent; use spaces"},
    {"ticker:\n  a: @b\n", ".rr.yaml:2:6: a text can't start with \"@\"; put it in quotes"},
    {"ticker:\n  a: `b`\n", ".rr.yaml:2:6: a text can't start with \"`\"; put it in quotes"},
    {"é: 1\nü: %b\n", ".rr.yaml:2:4: a text can't start with \"%\"; put it in quotes"},
    {"ticker:\n  a: \"b\n", ".rr.yaml:2:6: the quote opened here is never closed"},
    {"ticker:\n  a: 'b\n  c: 1\n", ".rr.yaml:2:6: the quote opened here is never closed"},
    {"ticker:\n  a: {b: 1\n",
     ".rr.yaml:2:6: the \"{\" opened here is never closed; add \"}\", or the \",\" that is "
     "missing"},
    {"ticker:\n  a: [b, 1\nx: 2\n",
     ".rr.yaml:2:6: the \"[\" opened here is never closed; add \"]\", or the \",\" that is "
     "missing"},
    {"{\"a\": 1 \"b\": 2}",
     ".rr.yaml:1:1: the \"{\" opened here is never closed; add \"}\", or the \",\" that is "
     "missing"},
    {"ticker:\n  a: b: c\n", ".rr.yaml:2:7: " COLON},
    {"ticker:\n  a\n  b: 1\n", ".rr.yaml:3:4: " COLON},
    {"ticker:\n  a: 1\n    b: 1\n", ".rr.yaml:3:6: " COLON},
    {"ticker:\n  a:1\n  b: 1\n", ".rr.yaml:3:4: " COLON},
    {"ticker:\n  a: 1\n b: 1\n",
     ".rr.yaml:3:2: a key was expected here; check the indentation, and the quotes and brackets "
     "before it"},
    {"ticker:\n  a: \"b\" c\n",
     ".rr.yaml:2:10: a key was expected here; check the indentation, and the quotes and brackets "
     "before it"},
    {"ticker:\n  interval\n\nworkers: 1\n",
     NULL /* one text over two lines: told by the check, not by the syntax */},
    {"ticker:\n  a: 1\n  interval\n",
     ".rr.yaml:3:3: a key without \":\" after it; write it as \"key: value\", and check the "
     "indentation"},
    {"ticker:\n  - a\n  b: 1\n",
     ".rr.yaml:3:3: the next \"- \" of the list, or a key further left, was expected here; check "
     "the indentation"},
    {"ticker: - a\n",
     ".rr.yaml:1:9: a list item can't stand here; start the list on the line below its key"},
    {"ticker: \"\\q\"\n",
     ".rr.yaml:1:10: no such escape in double quotes; write \\\\ for a backslash, or use single "
     "quotes"},
    {"ticker: \"\\xzz\"\n",
     ".rr.yaml:1:12: hexadecimal digits were expected after \\x, \\u or \\U; write \\\\ for a "
     "backslash, or use single quotes"},
    {"{\"a\": \"\\ud83d\"}",
     ".rr.yaml:1:10: no such character; write the character itself and not its escape"},
    {"a: 1\n---\nb: 2\n",
     ".rr.yaml:2:1: a second document starts here; keep one, without \"---\" between its parts"},
    {"a: *x\n",
     ".rr.yaml:1:4: the alias \"x\" names no anchor before it; mark the value to repeat with & and "
     "this name, or put text that starts with * in quotes"},
    {"a: &a [*a]\n",
     ".rr.yaml:1:8: the alias \"a\" stands within the value that it names; a value can't hold "
     "itself"},
    {"a: *\n",
     ".rr.yaml:1:5: a name of letters and digits was expected after & or *; put text that starts "
     "with & or * in quotes"},
    {"a: !!binary x\nb: !mine [1]\nc: !mine {}\n",
     ".rr.yaml:1:4: a: " TAG "\n.rr.yaml:2:4: b: " TAG "\n.rr.yaml:3:4: c: " TAG},
    {"a: [1,, 2]\n", ".rr.yaml:1:7: a value was expected here; remove the \",\" or bracket that is "
                     "too many, or put the text in quotes"},
    {"a: ]\n", ".rr.yaml:1:4: a value was expected here; remove the \",\" or bracket that is too "
               "many, or put the text in quotes"},
    {"a: | tee\n", ".rr.yaml:1:4: after | or > the text starts on the next line; put text that "
                   "starts with | or > in quotes"},
    {"%x\na: 1\n", ".rr.yaml:1:1: a line can't start with \"%\"; put the text in quotes"},
    {"a: !<x z\n",
     ".rr.yaml:1:7: this is not YAML: while scanning a tag, did not find the expected '>'"},
    {"a: !x!y z\n", ".rr.yaml:1:4: no such tag; put text that starts with ! in quotes"},
    {"- a\n", ".rr.yaml:1:1: found a list; " ROOT},
    {"hello\n", ".rr.yaml:1:1: found a single value; " ROOT},
    {"\n\n  42\n", ".rr.yaml:3:3: found a single value; " ROOT},
    {"a: \xff\n", ".rr.yaml:1:4: the byte 0xff is not UTF-8 text; save the file as UTF-8"},
    {"é: 1\nb: \xe9\n", ".rr.yaml:2:4: the byte 0xe9 is not UTF-8 text; save the file as UTF-8"},
    {"a: \xc0\x80\n", ".rr.yaml:1:4: the byte 0xc0 is not UTF-8 text; save the file as UTF-8"},
    {"a: \xed\xa0\x80\n", ".rr.yaml:1:4: the byte 0xed is not UTF-8 text; save the file as UTF-8"},
    {"\xff\xfe"
     "a",
     ".rr.yaml:1:1: this is UTF-16 text; save the file as UTF-8"},
    {"a: \x1b[0m\n",
     ".rr.yaml:1:4: the control character U+001B can't stand in a text; remove it, or write it as "
     "\"\\x1B\" in double quotes"},
    {"a: 1\rb: \x07\n",
     ".rr.yaml:2:4: the control character U+0007 can't stand in a text; remove it, or write it as "
     "\"\\x07\" in double quotes"},
    {"a: \"x\\0y\"\n",
     ".rr.yaml:1:4: a: a NUL character can't stand in a value; remove the escape \"\\0\""},
    {"\"x\\0y\": 1\n", ".rr.yaml:1:1: a NUL character can't stand in a key; remove the escape "
                       "\"\\0\""},
};

START_TEST(says_where_and_what_in_plain_words)
{
    if (BROKEN[_i].words != NULL) {
        sample_expect(sample_read(BROKEN[_i].text, NULL), BROKEN[_i].words);
    } else {
        sample_expect(sample_read(BROKEN[_i].text, NULL),
                      "{\"ticker\": \"interval\", \"workers\": 1}");
    }
}
END_TEST

START_TEST(refuses_a_nul_byte)
{
    struct config *config = config_new();
    struct error error = {0};
    ck_assert_int_eq(config_read_text(config, "x", "a: 1\nb\0c: 2", 11, &error), STATUS_ECONFIG);
    ck_assert_str_eq(error_text(&error), "x:2:2: a NUL byte can't stand in a text; remove it");
    error_clear(&error);
    config_free(config);
}
END_TEST

TCase *syntax_case(void);
TCase *syntax_case(void)
{
    TCase *test = tcase_create("syntax");
    tcase_add_loop_test(test, says_where_and_what_in_plain_words, 0,
                        sizeof BROKEN / sizeof *BROKEN);
    tcase_add_test(test, refuses_a_nul_byte);
    return test;
}
