#include "suite.h"

TCase *command_case(void);
TCase *ini_case(void);
TCase *output_case(void);
TCase *inline_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("embed");
    suite_add_tcase(suite, command_case());
    suite_add_tcase(suite, ini_case());
    suite_add_tcase(suite, output_case());
    suite_add_tcase(suite, inline_case());
    return suite;
}
