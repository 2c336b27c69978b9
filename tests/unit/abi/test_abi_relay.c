#include "suite.h"

TCase *relay_pool_case(void);
TCase *relay_misuse_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("abi_relay");
    suite_add_tcase(suite, relay_pool_case());
    suite_add_tcase(suite, relay_misuse_case());
    return suite;
}
