#include "suite.h"

TCase *frame_writer_case(void);
TCase *quiet_write_case(void);
TCase *reply_joiner_case(void);
TCase *relay_pipes_case(void);
TCase *relay_address_case(void);
TCase *listening_socket_case(void);
TCase *relay_socket_case(void);
TCase *strangers_case(void);
TCase *relay_user_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("relay");
    suite_add_tcase(suite, frame_writer_case());
    suite_add_tcase(suite, quiet_write_case());
    suite_add_tcase(suite, reply_joiner_case());
    suite_add_tcase(suite, relay_pipes_case());
    suite_add_tcase(suite, relay_address_case());
    suite_add_tcase(suite, listening_socket_case());
    suite_add_tcase(suite, relay_socket_case());
    suite_add_tcase(suite, strangers_case());
    suite_add_tcase(suite, relay_user_case());
    return suite;
}
