#include "fixture.h"

TCase *health_case(void);
TCase *scale_case(void);
TCase *scale_executor_case(void);
TCase *debug_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pool_numbers");
    suite_add_tcase(suite, health_case());
    suite_add_tcase(suite, scale_case());
    suite_add_tcase(suite, scale_executor_case());
    suite_add_tcase(suite, debug_case());
    return suite;
}
