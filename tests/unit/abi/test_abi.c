#include "suite.h"

TCase *handle_case(void);
TCase *abi_config_case(void);
TCase *abi_pool_case(void);
TCase *misuse_case(void);
TCase *misuse_handles_case(void);
TCase *misuse_arguments_case(void);
TCase *misuse_order_case(void);
TCase *misuse_fork_case(void);
TCase *server_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("abi");
    suite_add_tcase(suite, handle_case());
    suite_add_tcase(suite, abi_config_case());
    suite_add_tcase(suite, abi_pool_case());
    suite_add_tcase(suite, misuse_case());
    suite_add_tcase(suite, misuse_handles_case());
    suite_add_tcase(suite, misuse_arguments_case());
    suite_add_tcase(suite, misuse_order_case());
    suite_add_tcase(suite, misuse_fork_case());
    suite_add_tcase(suite, server_case());
    return suite;
}
