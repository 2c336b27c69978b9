#include "suite.h"

TCase *state_case(void);
TCase *launcher_case(void);
TCase *launch_failure_case(void);
TCase *launch_user_case(void);
TCase *worker_user_case(void);
TCase *close_others_case(void);
TCase *command_path_case(void);
TCase *output_case(void);
TCase *obituary_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("worker");
    suite_add_tcase(suite, state_case());
    suite_add_tcase(suite, launcher_case());
    suite_add_tcase(suite, launch_failure_case());
    suite_add_tcase(suite, launch_user_case());
    suite_add_tcase(suite, worker_user_case());
    suite_add_tcase(suite, close_others_case());
    suite_add_tcase(suite, command_path_case());
    suite_add_tcase(suite, output_case());
    suite_add_tcase(suite, obituary_case());
    return suite;
}
