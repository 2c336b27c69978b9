#include "fixture.h"

TCase *outcomes_case(const char *relay, void (*setup)(void));
TCase *deaths_case(const char *relay, void (*setup)(void));
TCase *sockets_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pool_sockets");
    suite_add_tcase(suite, sockets_case());
    suite_add_tcase(suite, outcomes_case("outcomes over unix", fixture_setup_unix));
    suite_add_tcase(suite, outcomes_case("outcomes over tcp", fixture_setup_tcp));
    suite_add_tcase(suite, deaths_case("deaths over unix", fixture_setup_unix));
    suite_add_tcase(suite, deaths_case("deaths over tcp", fixture_setup_tcp));
    return suite;
}
