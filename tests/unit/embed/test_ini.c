#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "embed/command/embed_ini.h"
#include "suite.h"

static void assert_and_free(char *actual, const char *expected)
{
    ck_assert_pstr_eq(actual, expected);
    free(actual);
}

START_TEST(empty_elements_stand_for_the_command_lines_folder)
{
    assert_and_free(embed_ini_scan_path(NULL), COYOTE_PHP_INI_SCAN_DIR);
    assert_and_free(embed_ini_scan_path(""), "");
    assert_and_free(embed_ini_scan_path("/a"), "/a");
    assert_and_free(embed_ini_scan_path(":/a"), COYOTE_PHP_INI_SCAN_DIR ":/a");
    assert_and_free(embed_ini_scan_path("/a::/b"), "/a:" COYOTE_PHP_INI_SCAN_DIR ":/b");
    assert_and_free(embed_ini_scan_path("/a:"), "/a:" COYOTE_PHP_INI_SCAN_DIR);
}
END_TEST

START_TEST(the_search_goes_from_PHPRC_over_the_programs_folder_to_the_built_in_one)
{
    const struct embed_command plain = {0};
    const struct embed_command with_path = {.ini_path = "own.ini"};
    unsetenv("PHPRC");
    assert_and_free(embed_ini_search_path(&plain, NULL), COYOTE_PHP_INI_PATH);
    assert_and_free(embed_ini_search_path(&plain, "/opt/bin/php"), "/opt/bin:" COYOTE_PHP_INI_PATH);
    setenv("PHPRC", "/", 1);
    assert_and_free(embed_ini_search_path(&plain, "/b/php"), "/:/b:" COYOTE_PHP_INI_PATH);
    setenv("PHPRC", "/dev/null", 1);
    assert_and_free(embed_ini_search_path(&plain, "/b/php"), "/dev/null");
    assert_and_free(embed_ini_search_path(&with_path, "/b/php"), "own.ini");
    unsetenv("PHPRC");
}
END_TEST

START_TEST(definitions_come_after_the_fixed_settings_and_win)
{
    struct embed_command command = {0};
    ck_assert_int_eq(buffer_print(&command.ini, "html_errors=1\n"), STATUS_OK);
    char *entries = embed_ini_entries(&command);
    const char *first = strstr(entries, "html_errors=0\n");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_nonnull(strstr(first, "html_errors=1\n"));
    free(entries);
    buffer_free(&command.ini);
}
END_TEST

START_TEST(the_program_is_looked_up_in_PATH)
{
    char folder[] = "/tmp/coyote-ini-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    char program[64];
    char path[96];
    snprintf(program, sizeof program, "%s/php", folder);
    snprintf(path, sizeof path, "/nowhere::%s:/bin", folder);
    ck_assert_int_eq(symlink("/bin/true", program), 0);
    setenv("PATH", path, 1);
    char *expected = realpath("/bin/true", NULL);
    assert_and_free(embed_ini_binary("php"), expected);
    assert_and_free(embed_ini_binary(program), expected);
    free(expected);
    ck_assert_int_eq(unlink(program), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

TCase *ini_case(void)
{
    TCase *tests = tcase_create("ini");
    tcase_add_test(tests, empty_elements_stand_for_the_command_lines_folder);
    tcase_add_test(tests, the_search_goes_from_PHPRC_over_the_programs_folder_to_the_built_in_one);
    tcase_add_test(tests, definitions_come_after_the_fixed_settings_and_win);
    tcase_add_test(tests, the_program_is_looked_up_in_PATH);
    return tests;
}
