#include <stdio.h>
#include <string.h>

#include "container/environment.h"
#include "suite.h"

static char *const server[] = {"PATH=/bin", "http_proxy=here", "TWICE=1",
                               "TWICE=2",   "EMPTY=",          NULL};

static size_t count_lines(const struct environment *environment)
{
    size_t count = 0;
    while (environment_lines(environment)[count] != NULL) {
        count++;
    }
    return count;
}

START_TEST(the_servers_own_variables_come_first_as_they_are)
{
    struct environment *environment = environment_new(server);
    ck_assert_uint_eq(count_lines(environment), 5);
    ck_assert_str_eq(environment_lines(environment)[0], "PATH=/bin");
    ck_assert_str_eq(environment_get(environment, "http_proxy"), "here");
    ck_assert_str_eq(environment_get(environment, "EMPTY"), "");
    ck_assert_ptr_null(environment_get(environment, "HTTP_PROXY"));
    ck_assert_ptr_null(environment_get(environment, "PAT"));
    environment_free(environment);
}
END_TEST

START_TEST(names_are_upper_cased_and_the_last_value_wins)
{
    struct environment *environment = environment_new(server);
    struct error error = {0};
    ck_assert_int_eq(environment_set(environment, "rr_mode", "jobs", &error), STATUS_OK);
    ck_assert_int_eq(environment_set(environment, "Rr_Mode", "ticker", &error), STATUS_OK);
    ck_assert_int_eq(environment_set(environment, "path", "/mine", &error), STATUS_OK);
    ck_assert_int_eq(environment_set(environment, "twice", "=3", &error), STATUS_OK);
    ck_assert_str_eq(environment_get(environment, "RR_MODE"), "ticker");
    ck_assert_str_eq(environment_get(environment, "PATH"), "/mine");
    ck_assert_str_eq(environment_get(environment, "TWICE"), "=3");
    /* one RR_MODE more, one TWICE less */
    ck_assert_uint_eq(count_lines(environment), 5);
    ck_assert_str_eq(environment_lines(environment)[0], "PATH=/mine");
    environment_free(environment);
}
END_TEST

START_TEST(a_copy_is_its_own)
{
    struct environment *environment = environment_new(server);
    struct environment *copy = environment_copy(environment);
    ck_assert_int_eq(environment_set(copy, "PATH", "/copy", NULL), STATUS_OK);
    ck_assert_str_eq(environment_get(environment, "PATH"), "/bin");
    environment_free(environment);
    ck_assert_str_eq(environment_get(copy, "PATH"), "/copy");
    ck_assert_str_eq(environment_get(copy, "http_proxy"), "here");
    environment_free(copy);
}
END_TEST

START_TEST(an_empty_one_is_usable)
{
    struct environment *environment = environment_new(NULL);
    struct environment *copy = environment_copy(environment);
    ck_assert_ptr_null(environment_lines(copy)[0]);
    ck_assert_ptr_null(environment_get(copy, "PATH"));
    ck_assert_int_eq(environment_set(copy, "A", "", NULL), STATUS_OK);
    ck_assert_str_eq(environment_lines(copy)[0], "A=");
    ck_assert_ptr_null(environment_lines(copy)[1]);
    environment_free(copy);
    environment_free(environment);
    environment_free(NULL);
}
END_TEST

START_TEST(many_are_kept)
{
    struct environment *environment = environment_new(NULL);
    char name[16];
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "N%d", i);
        ck_assert_int_eq(environment_set(environment, name, name, NULL), STATUS_OK);
    }
    ck_assert_uint_eq(count_lines(environment), 1000);
    ck_assert_str_eq(environment_get(environment, "N999"), "N999");
    ck_assert_str_eq(environment_get(environment, "N0"), "N0");
    environment_free(environment);
}
END_TEST

START_TEST(impossible_names_are_refused)
{
    struct environment *environment = environment_new(server);
    struct error error = {0};
    ck_assert_int_eq(environment_set(environment, "", "x", &error), STATUS_EINVAL);
    ck_assert_int_eq(environment_set(environment, "A=B", "x", &error), STATUS_EINVAL);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "\"A=B\""));
    ck_assert_uint_eq(count_lines(environment), 5);
    error_clear(&error);
    environment_free(environment);
}
END_TEST

TCase *environment_case(void);
TCase *environment_case(void)
{
    TCase *test = tcase_create("environment");
    tcase_add_test(test, the_servers_own_variables_come_first_as_they_are);
    tcase_add_test(test, names_are_upper_cased_and_the_last_value_wins);
    tcase_add_test(test, a_copy_is_its_own);
    tcase_add_test(test, an_empty_one_is_usable);
    tcase_add_test(test, many_are_kept);
    tcase_add_test(test, impossible_names_are_refused);
    return test;
}
