#include "suite.h"

TCase *environment_case(void);
TCase *lifecycle_case(void);
TCase *stop_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("container");
    suite_add_tcase(suite, environment_case());
    suite_add_tcase(suite, lifecycle_case());
    suite_add_tcase(suite, stop_case());
    return suite;
}
