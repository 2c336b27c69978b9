#include "suite.h"

TCase *signals_case(void);
TCase *free_inside_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("abi_signals");
    suite_add_tcase(suite, signals_case());
    suite_add_tcase(suite, free_inside_case());
    return suite;
}
