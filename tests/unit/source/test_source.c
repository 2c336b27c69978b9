#include "suite.h"

TCase *registry_case(void);
TCase *host_case(void);
TCase *ticker_case(void);
TCase *ticker_grid_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("source");
    suite_add_tcase(suite, registry_case());
    suite_add_tcase(suite, ticker_grid_case());
    suite_add_tcase(suite, ticker_case());
    suite_add_tcase(suite, host_case());
    return suite;
}
