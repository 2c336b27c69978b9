#include "suite.h"

TCase *handle_case(void);
TCase *misuse_case(void);
TCase *server_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("abi");
    suite_add_tcase(suite, handle_case());
    suite_add_tcase(suite, misuse_case());
    suite_add_tcase(suite, server_case());
    return suite;
}
