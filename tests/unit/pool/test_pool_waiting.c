#include "fixture.h"

TCase *cancel_case(void);
TCase *priority_case(void);

/* Jobs that wait. */
Suite *unit_suite(void)
{
    Suite *suite = suite_create("pool_waiting");
    suite_add_tcase(suite, cancel_case());
    suite_add_tcase(suite, priority_case());
    return suite;
}
