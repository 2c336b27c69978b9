#include "suite.h"

TCase *read_case(void);
TCase *syntax_case(void);
TCase *scalar_case(void);
TCase *tree_case(void);
TCase *merge_case(void);
TCase *override_case(void);
TCase *limits_case(void);
TCase *schema_case(void);
TCase *broken_case(void);
TCase *position_case(void);
TCase *copy_case(void);
TCase *duration_case(void);
TCase *size_case(void);
TCase *suggest_case(void);
TCase *command_line_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("config");
    suite_add_tcase(suite, read_case());
    suite_add_tcase(suite, syntax_case());
    suite_add_tcase(suite, scalar_case());
    suite_add_tcase(suite, tree_case());
    suite_add_tcase(suite, merge_case());
    suite_add_tcase(suite, override_case());
    suite_add_tcase(suite, limits_case());
    suite_add_tcase(suite, schema_case());
    suite_add_tcase(suite, broken_case());
    suite_add_tcase(suite, position_case());
    suite_add_tcase(suite, copy_case());
    suite_add_tcase(suite, duration_case());
    suite_add_tcase(suite, size_case());
    suite_add_tcase(suite, suggest_case());
    suite_add_tcase(suite, command_line_case());
    return suite;
}
