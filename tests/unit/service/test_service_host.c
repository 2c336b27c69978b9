#include "suite.h"

TCase *host_end_case(void);
TCase *host_life_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("service host");
    suite_add_tcase(suite, host_life_case());
    suite_add_tcase(suite, host_end_case());
    return suite;
}
