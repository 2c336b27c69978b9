#include "server_options.h"
#include "suite.h"

static struct server_options options;
static struct error error;

static void tear_down(void)
{
    server_options_free(&options);
    error_clear(&error);
}

static int parse(char *first, char *second, char *third, char *fourth, char *fifth)
{
    char *argv[] = {"coyote", first, second, third, fourth, fifth, NULL};
    int argc = 0;
    while (argv[argc] != NULL) {
        argc++;
    }
    return server_options_parse(&options, argc, argv, &error);
}

START_TEST(options_stand_before_and_after_the_command)
{
    ck_assert_int_eq(parse("-c", "a.yaml", "serve", "-o", "a.b=1"), STATUS_OK);
    ck_assert_str_eq(options.command, "serve");
    ck_assert_str_eq(options.config, "a.yaml");
    ck_assert_uint_eq(options.num_overrides, 1);
    ck_assert_str_eq(options.overrides[0], "a.b=1");
    ck_assert_ptr_null(options.work_dir);
    ck_assert(!options.log_level_given);
}
END_TEST

START_TEST(long_and_short_are_the_same)
{
    ck_assert_int_eq(
        parse("check", "--config=a.yaml", "--work-dir", "/srv", "--override=ticker.interval=2"),
        STATUS_OK);
    ck_assert_str_eq(options.config, "a.yaml");
    ck_assert_str_eq(options.work_dir, "/srv");
    ck_assert_str_eq(options.overrides[0], "ticker.interval=2");
}
END_TEST

START_TEST(overrides_keep_their_order)
{
    ck_assert_int_eq(parse("serve", "-oa=1", "-ob=2", "-oa=3", NULL), STATUS_OK);
    ck_assert_uint_eq(options.num_overrides, 3);
    ck_assert_str_eq(options.overrides[2], "a=3");
}
END_TEST

START_TEST(the_log_is_chosen)
{
    ck_assert_int_eq(parse("serve", "--log-format", "json", "--log-level=warning", NULL),
                     STATUS_OK);
    ck_assert(options.log_format_given && options.log_format == LOG_FORMAT_JSON);
    ck_assert(options.log_level_given && options.log_level == LOG_LEVEL_WARNING);
}
END_TEST

START_TEST(help_takes_a_command)
{
    ck_assert_int_eq(parse("help", "serve", NULL, NULL, NULL), STATUS_OK);
    ck_assert_str_eq(options.command, "help");
    ck_assert_str_eq(options.argument, "serve");
    server_options_free(&options);
    ck_assert_int_eq(parse("serve", "-h", NULL, NULL, NULL), STATUS_OK);
    ck_assert(options.help);
    server_options_free(&options);
    ck_assert_int_eq(parse(NULL, NULL, NULL, NULL, NULL), STATUS_OK);
    ck_assert_ptr_null(options.command);
}
END_TEST

static struct {
    char *first;
    char *second;
    const char *words;
} mistakes[] = {
    {"--confg", "x", "unknown option --confg; did you mean --config?"},
    {"--log-levle=info", NULL, "unknown option --log-levle; did you mean --log-level?"},
    {"--zzzzzz", NULL, "unknown option --zzzzzz"},
    {"-x", NULL, "unknown option -x"},
    {"-c", NULL, "-c needs a value"},
    {"--config", NULL, "--config needs a value"},
    {"-o", "interval", "-o interval: an override is KEY=VALUE, such as -o ticker.interval=250ms"},
    {"-o", "=1", "-o =1: an override is KEY=VALUE, such as -o ticker.interval=250ms"},
    {"--log-level", "loud", "--log-level loud: it may be debug, info, warning or error"},
    {"--log-format=xml", NULL, "--log-format xml: it may be text or json"},
    {"more", NULL, "\"more\" is too much: serve takes options only; a config is named by -c FILE"},
};

START_TEST(wrong_usage_is_explained)
{
    ck_assert_int_eq(parse("serve", mistakes[_i].first, mistakes[_i].second, NULL, NULL),
                     STATUS_EINVAL);
    ck_assert_str_eq(error_text(&error), mistakes[_i].words);
}
END_TEST

TCase *server_options_case(void);
TCase *server_options_case(void)
{
    TCase *test = tcase_create("server options");
    tcase_add_checked_fixture(test, NULL, tear_down);
    tcase_add_test(test, options_stand_before_and_after_the_command);
    tcase_add_test(test, long_and_short_are_the_same);
    tcase_add_test(test, overrides_keep_their_order);
    tcase_add_test(test, the_log_is_chosen);
    tcase_add_test(test, help_takes_a_command);
    tcase_add_loop_test(test, wrong_usage_is_explained, 0, sizeof mistakes / sizeof *mistakes);
    return test;
}
