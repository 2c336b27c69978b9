#include "suite.h"

TCase *signals_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("abi_signals");
    suite_add_tcase(suite, signals_case());
    return suite;
}
