#include "fixture.h"

TCase *death_line_case(void);
TCase *stats_case(void);
TCase *host_stats_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pool_deaths");
    suite_add_tcase(suite, death_line_case());
    suite_add_tcase(suite, stats_case());
    suite_add_tcase(suite, host_stats_case());
    return suite;
}
