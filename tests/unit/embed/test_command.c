#include <string.h>

#include "embed/command/embed_command.h"
#include "suite.h"

enum { MOST = 12 };

/* Parses words that are separated by single blanks, in place. */
static int parse(char *text, char **words, struct embed_command *command, struct error *error)
{
    size_t count = 0;
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        words[count++] = word;
    }
    words[count] = NULL;
    *command = (struct embed_command){0};
    return embed_command_parse(command, words, error);
}

static void assert_ini(const struct embed_command *command, const char *expected)
{
    struct bytes ini = buffer_unread(&command->ini);
    ck_assert_uint_eq(ini.size, strlen(expected));
    ck_assert_int_eq(memcmp(ini.size == 0 ? "" : ini.data, expected, ini.size), 0);
}

static const struct {
    const char *text;
    const char *script;
    const char *last; /* of its arguments */
    int argc;
    const char *ini;
    const char *ini_path;
    bool no_ini;
} good[] = {
    {"php app.php", "app.php", "app.php", 1, "", NULL, false},
    {"/usr/bin/php8 app.php a -d", "app.php", "-d", 3, "", NULL, false},
    {"php-cli app.php -- x", "app.php", "x", 3, "", NULL, false},
    {"php -n -q app.php", "app.php", "app.php", 1, "", NULL, true},
    {"php --no-php-ini app.php", "app.php", "app.php", 1, "", NULL, true},
    {"php -d a=1 -db=2 --define c=3 --define=d=4 x.php", "x.php", "x.php", 1,
     "a=1\nb=2\nc=3\nd=4\n", NULL, false},
    {"php -d flag x.php", "x.php", "x.php", 1, "flag=1\n", NULL, false},
    {"php -d a= -d b=\"q\" -d c=/tmp;x -d d=-1 x.php", "x.php", "x.php", 1,
     "a=\nb=\"q\"\nc=\"/tmp;x\"\nd=\"-1\"\n", NULL, false},
    {"php -c my.ini x.php", "x.php", "x.php", 1, "", "my.ini", false},
    {"php -cmy.ini x.php", "x.php", "x.php", 1, "", "my.ini", false},
    {"php --php-ini=my.ini x.php", "x.php", "x.php", 1, "", "my.ini", false},
    {"php -f x.php y", "x.php", "y", 2, "", NULL, false},
    {"php -fx.php y", "x.php", "y", 2, "", NULL, false},
    {"php -n --file=x.php", "x.php", "x.php", 1, "", NULL, true},
};

START_TEST(commands_are_understood)
{
    char text[128];
    char *words[MOST];
    struct embed_command command;
    struct error error = {0};
    strcpy(text, good[_i].text);
    int status = parse(text, words, &command, &error);
    ck_assert_msg(status == STATUS_OK, "%s: %s", good[_i].text, error_text(&error));
    ck_assert_str_eq(command.argv[0], good[_i].script);
    ck_assert_int_eq(command.argc, good[_i].argc);
    ck_assert_str_eq(command.argv[command.argc - 1], good[_i].last);
    ck_assert_ptr_null(command.argv[command.argc]);
    assert_ini(&command, good[_i].ini);
    ck_assert_pstr_eq(command.ini_path, good[_i].ini_path);
    ck_assert_int_eq(command.no_ini, good[_i].no_ini);
    embed_command_free(&command);
}
END_TEST

static const struct {
    const char *text;
    const char *says;
} bad[] = {
    {"", "not \"\""},
    {"ruby x.rb", "not \"ruby\""},
    {"phpize x", "not \"phpize\""},
    {"php5.6 x.php", "says php5.6"},
    {"php", "names no script"},
    {"php -", "names no script"},
    {"php -n", "names no script"},
    {"php -r 1", "option -r"},
    {"php -nq x.php", "option -nq"},
    {"php -- x.php", "option --"},
    {"php --definitely=1 x.php", "option --definitely=1"},
    {"php -d", "option -d lacks its value"},
    {"php --file", "option --file lacks its value"},
};

START_TEST(other_commands_are_refused_by_name)
{
    char text[128];
    char *words[MOST];
    struct embed_command command;
    struct error error = {0};
    strcpy(text, bad[_i].text);
    ck_assert_int_eq(parse(text, words, &command, &error), STATUS_ECONFIG);
    ck_assert_msg(strstr(error_text(&error), bad[_i].says) != NULL, "%s", error_text(&error));
    error_clear(&error);
    embed_command_free(&command);
}
END_TEST

TCase *command_case(void)
{
    TCase *tests = tcase_create("command");
    tcase_add_loop_test(tests, commands_are_understood, 0, sizeof good / sizeof *good);
    tcase_add_loop_test(tests, other_commands_are_refused_by_name, 0, sizeof bad / sizeof *bad);
    return tests;
}
