#include "suite.h"

TCase *watch_case(void);
TCase *timer_case(void);
TCase *child_case(void);
TCase *signal_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("loop");
    suite_add_tcase(suite, watch_case());
    suite_add_tcase(suite, timer_case());
    suite_add_tcase(suite, child_case());
    suite_add_tcase(suite, signal_case());
    return suite;
}
