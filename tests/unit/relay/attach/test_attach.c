#include "suite.h"

TCase *attach_wire_case(void);
TCase *attach_state_case(void);
TCase *attach_wait_case(void);
TCase *attach_ends_case(void);
TCase *attach_replay_case(void);
TCase *attach_memory_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("relay_attach");
    suite_add_tcase(suite, attach_wire_case());
    suite_add_tcase(suite, attach_state_case());
    suite_add_tcase(suite, attach_wait_case());
    suite_add_tcase(suite, attach_ends_case());
    suite_add_tcase(suite, attach_replay_case());
    suite_add_tcase(suite, attach_memory_case());
    return suite;
}
