#include "suite.h"

TCase *bytes_case(void);
TCase *buffer_case(void);
TCase *cgroup_case(void);
TCase *cgroup_broken_case(void);
TCase *descriptor_limit_case(void);
TCase *error_case(void);
TCase *log_case(void);
TCase *log_record_case(void);
TCase *utf8_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("base");
    suite_add_tcase(suite, bytes_case());
    suite_add_tcase(suite, buffer_case());
    suite_add_tcase(suite, cgroup_case());
    suite_add_tcase(suite, cgroup_broken_case());
    suite_add_tcase(suite, descriptor_limit_case());
    suite_add_tcase(suite, error_case());
    suite_add_tcase(suite, log_case());
    suite_add_tcase(suite, log_record_case());
    suite_add_tcase(suite, utf8_case());
    return suite;
}
