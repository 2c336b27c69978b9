#include "suite.h"

TCase *env_case(void);
TCase *event_end_case(void);
TCase *event_environment_case(void);
TCase *event_flow_case(void);
TCase *event_log_case(void);
TCase *registration_case(void);
TCase *server_options_case(void);
TCase *server_init_case(void);
TCase *workers_section_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("service");
    suite_add_tcase(suite, env_case());
    suite_add_tcase(suite, workers_section_case());
    suite_add_tcase(suite, registration_case());
    suite_add_tcase(suite, event_environment_case());
    suite_add_tcase(suite, event_flow_case());
    suite_add_tcase(suite, event_log_case());
    suite_add_tcase(suite, event_end_case());
    suite_add_tcase(suite, server_options_case());
    suite_add_tcase(suite, server_init_case());
    return suite;
}
