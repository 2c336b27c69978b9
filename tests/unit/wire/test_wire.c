#include "suite.h"

TCase *encode_case(void);
TCase *decode_case(void);
TCase *memory_case(void);
TCase *noise_case(void);
TCase *meaning_case(void);
TCase *goridge2_meaning_case(void);
TCase *replay_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("wire");
    suite_add_tcase(suite, encode_case());
    suite_add_tcase(suite, decode_case());
    suite_add_tcase(suite, memory_case());
    suite_add_tcase(suite, noise_case());
    suite_add_tcase(suite, meaning_case());
    suite_add_tcase(suite, goridge2_meaning_case());
    suite_add_tcase(suite, replay_case());
    return suite;
}
