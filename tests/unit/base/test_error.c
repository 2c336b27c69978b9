#include <errno.h>

#include "base/error.h"
#include "suite.h"

START_TEST(says_what_and_where)
{
    struct error error = {0};
    ck_assert_int_eq(error_system(&error, ENOENT, "opening %s", "x.yaml"), STATUS_ESYSTEM);
    error_prefix(&error, "serve: ");
    ck_assert_str_eq(error_text(&error), "serve: opening x.yaml: No such file or directory");
    ck_assert_int_eq(error.status, STATUS_ESYSTEM);
    error_clear(&error);
    ck_assert_str_eq(error_text(&error), "no error");
}
END_TEST

START_TEST(replaces_and_moves_without_leaking)
{
    struct error first = {0};
    struct error second = {0};
    error_set(&first, STATUS_EINVAL, "one");
    error_set(&first, STATUS_EFULL, "two");
    error_set(&second, STATUS_EINVAL, "three");
    error_move(&second, &first);
    ck_assert_str_eq(error_text(&second), "two");
    ck_assert_int_eq(first.status, STATUS_OK);
    ck_assert_int_eq(error_set(NULL, STATUS_EFULL, "nobody listens"), STATUS_EFULL);
    error_memory(&second);
    ck_assert_str_eq(error_text(&second), "out of memory");
    error_clear(&second);
}
END_TEST

TCase *error_case(void);
TCase *error_case(void)
{
    TCase *test = tcase_create("error");
    tcase_add_test(test, says_what_and_where);
    tcase_add_test(test, replaces_and_moves_without_leaking);
    return test;
}
