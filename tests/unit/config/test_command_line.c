#include <stdlib.h>
#include <string.h>

#include "config/command_line.h"
#include "suite.h"

#define SHELL                                                                                      \
    " needs a shell, and none is used; put it in single quotes to mean it as it stands, or run a " \
    "shell: sh -c \"...\""
#define OPEN " is never closed; close it, or put a backslash before it to mean it as it stands"

static const struct {
    const char *command;
    const char *words[8];
} RIGHT[] = {
    {"php app.php", {"php", "app.php"}},
    {"  php \t app.php \n", {"php", "app.php"}},
    {"php", {"php"}},
    {"php 'a b' \"c d\"", {"php", "a b", "c d"}},
    {"\"a b\"'c'd", {"a bcd"}},
    {"php ''", {"php", ""}},
    {"php \"\" x", {"php", "", "x"}},
    {"php a''b", {"php", "ab"}},
    {"php a\\ b", {"php", "a b"}},
    {"php \\'x \\\"y \\\\ \\|", {"php", "'x", "\"y", "\\", "|"}},
    {"php '\\n' \"\\n\"", {"php", "\\n", "\\n"}},
    {"php \"\\\"\\\\\\$\\`\"", {"php", "\"\\$`"}},
    {"php '|&;<>()$`*?[~#'", {"php", "|&;<>()$`*?[~#"}},
    {"php \"|&;<>()*?[~#\"", {"php", "|&;<>()*?[~#"}},
    {"php \"5 $\" \"$ 5\"", {"php", "5 $", "$ 5"}},
    {"php a~ b#c {x} a=b !", {"php", "a~", "b#c", "{x}", "a=b", "!"}},
    {"php \\\n  app.php \\\n", {"php", "app.php"}},
    {"php ap\\\np.php \"a\\\nb\"", {"php", "app.php", "ab"}},
    {"php 'a\nb'", {"php", "a\nb"}},
    {"php größe", {"php", "größe"}},
    {"env A=1 php x", {"env", "A=1", "php", "x"}},
    {"'A=1' x", {"A=1", "x"}},
    {"1A=2 x", {"1A=2", "x"}},
    {"./a=b", {"./a=b"}},
    {"sh -c 'php a | tee b'", {"sh", "-c", "php a | tee b"}},
    {"a b c d e f g", {"a", "b", "c", "d", "e", "f", "g"}},
};

START_TEST(splits_as_a_shell_would)
{
    struct error error = {0};
    char **words = command_line_split(RIGHT[_i].command, &error);
    ck_assert_msg(words != NULL, "%s: %s", RIGHT[_i].command, error_text(&error));
    size_t i = 0;
    for (; RIGHT[_i].words[i] != NULL; i++) {
        ck_assert_ptr_nonnull(words[i]);
        ck_assert_str_eq(words[i], RIGHT[_i].words[i]);
    }
    ck_assert_ptr_null(words[i]);
    free((void *)words);
}
END_TEST

static const struct {
    const char *command;
    const char *words;
} WRONG[] = {
    {"", "the command is empty; write one such as \"php app.php\""},
    {" \t\n", "the command is empty; write one such as \"php app.php\""},
    {"\\\n", "the command is empty; write one such as \"php app.php\""},
    {"''", "the program's name is empty; write one such as \"php app.php\""},
    {"\"\" x", "the program's name is empty; write one such as \"php app.php\""},
    {"php 'a", "the single quote at character 5" OPEN},
    {"php \"a b", "the double quote at character 5" OPEN},
    {"grüß \"a\\\"", "the double quote at character 6" OPEN},
    {"php it's", "the single quote at character 7" OPEN},
    {"php \"a\\", "the double quote at character 5" OPEN},
    {"php a\\", "the backslash at the end (character 6) stands before nothing; remove it, or "
                "double it to mean a backslash"},
    {"a | b", "the unquoted \"|\" at character 3" SHELL},
    {"a && b", "the unquoted \"&\" at character 3" SHELL},
    {"a; b", "the unquoted \";\" at character 2" SHELL},
    {"a < b", "the unquoted \"<\" at character 3" SHELL},
    {"a 2>b", "the unquoted \">\" at character 4" SHELL},
    {"(a)", "the unquoted \"(\" at character 1" SHELL},
    {"a )", "the unquoted \")\" at character 3" SHELL},
    {"a $HOME", "the unquoted \"$\" at character 3" SHELL},
    {"a `b`", "the unquoted \"`\" at character 3" SHELL},
    {"a *.php", "the unquoted \"*\" at character 3" SHELL},
    {"a x?", "the unquoted \"?\" at character 4" SHELL},
    {"a [b]", "the unquoted \"[\" at character 3" SHELL},
    {"a ~/b", "the unquoted \"~\" at character 3" SHELL},
    {"a # b", "the unquoted \"#\" at character 3" SHELL},
    {"größe | b", "the unquoted \"|\" at character 7" SHELL},
    {"a \"$HOME\"", "the variable in double quotes at character 4" SHELL},
    {"a \"x ${y}\"", "the variable in double quotes at character 6" SHELL},
    {"a \"`b`\"", "the unescaped \"`\" in double quotes at character 4" SHELL},
    {"a\nb", "the line break at character 2" SHELL},
    {"A=1 php x", "A=... before the program needs a shell to set it, and none is used; start with "
                  "the program env: env A=..."},
    {" APP_ENV='x y' php", "APP_ENV=... before the program needs a shell to set it, and none is "
                           "used; start with the program env: env APP_ENV=..."},
};

START_TEST(says_what_is_wrong)
{
    struct error error = {0};
    ck_assert_ptr_null(command_line_split(WRONG[_i].command, &error));
    ck_assert_int_eq(error.status, STATUS_EINVAL);
    ck_assert_str_eq(error_text(&error), WRONG[_i].words);
    error_clear(&error);
}
END_TEST

START_TEST(takes_commands_of_any_length)
{
    const size_t count_of_words = 50000;
    char *command = malloc(count_of_words * 2 + 1);
    for (size_t i = 0; i < count_of_words; i++) {
        memcpy(command + i * 2, "x ", 2);
    }
    command[count_of_words * 2] = '\0';
    char **words = command_line_split(command, NULL);
    size_t count = 0;
    while (words[count] != NULL) {
        ck_assert_str_eq(words[count++], "x");
    }
    ck_assert_uint_eq(count, count_of_words);
    free((void *)words);
    free(command);
}
END_TEST

TCase *command_line_case(void);
TCase *command_line_case(void)
{
    TCase *test = tcase_create("command_line");
    tcase_add_loop_test(test, splits_as_a_shell_would, 0, sizeof RIGHT / sizeof *RIGHT);
    tcase_add_loop_test(test, says_what_is_wrong, 0, sizeof WRONG / sizeof *WRONG);
    tcase_add_test(test, takes_commands_of_any_length);
    return test;
}
