#include "fixture.h"

TCase *outcomes_case(const char *relay, void (*setup)(void));
TCase *deaths_case(const char *relay, void (*setup)(void));
TCase *boot_case(void);
TCase *host_case(void);
TCase *reset_case(void);
TCase *supervisor_case(void);
TCase *protocol_case(void);
TCase *executor_case(void);
TCase *chaos_case(void);
TCase *keys_case(void);
TCase *descriptors_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pool");
    suite_add_tcase(suite, outcomes_case("outcomes", fixture_setup));
    suite_add_tcase(suite, deaths_case("deaths", fixture_setup));
    suite_add_tcase(suite, boot_case());
    suite_add_tcase(suite, host_case());
    suite_add_tcase(suite, executor_case());
    suite_add_tcase(suite, chaos_case());
    suite_add_tcase(suite, keys_case());
    suite_add_tcase(suite, descriptors_case());
    suite_add_tcase(suite, protocol_case());
    suite_add_tcase(suite, supervisor_case());
    suite_add_tcase(suite, reset_case());
    return suite;
}
