#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "relay/ends/relay_address.h"
#include "suite.h"

static const struct {
    const char *text;
    const char *told; /* to workers */
} good[] = {
    {"unix:///run/app.sock", "unix:///run/app.sock"},
    {"tcp://127.0.0.1:6001", "tcp://127.0.0.1:6001"},
    {"tcp://localhost:6001", "tcp://127.0.0.1:6001"},
    {"tcp://0.0.0.0:0", "tcp://0.0.0.0:0"},
    {"tcp://[::1]:65535", "tcp://[::1]:65535"},
};

START_TEST(an_address_is_told_as_workers_read_it)
{
    struct relay_address address;
    ck_assert_int_eq(relay_address_parse(good[_i].text, &address, NULL), 0);
    char *told = relay_address_text(&address);
    ck_assert_str_eq(told, good[_i].told);
    free(told);
}
END_TEST

START_TEST(a_relative_path_is_of_the_working_directory)
{
    struct relay_address address;
    char wanted[4200];
    char here[4096];
    ck_assert_int_eq(chdir("/tmp"), 0);
    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    snprintf(wanted, sizeof wanted, "%s/run/app.sock", here);
    ck_assert_int_eq(relay_address_parse("unix://run/app.sock", &address, NULL), 0);
    ck_assert_str_eq(address.socket.local.sun_path, wanted);
}
END_TEST

static const struct {
    const char *text;
    const char *words;
} bad[] = {
    {"", "expected \"pipes\", \"unix://path\" or \"tcp://host:port\", got \"\""},
    {"http://localhost:80", "got \"http://localhost:80\""},
    {"unix:/run/app.sock", "got \"unix:/run/app.sock\""},
    {"unix://", "needs a path"},
    {"unix:///run/", "a folder's name"},
    {"unix:///run/a:b.sock", "colon"},
    {"tcp://", "must be tcp://host:port"},
    {"tcp://:6001", "must be tcp://host:port"},
    {"tcp://127.0.0.1", "must be tcp://host:port"},
    {"tcp://127.0.0.1:", "must be tcp://host:port"},
    {"tcp://127.0.0.1:65536", "must be tcp://host:port"},
    {"tcp://127.0.0.1:4294967297", "must be tcp://host:port"},
    {"tcp://127.0.0.1:80x", "must be tcp://host:port"},
    {"tcp://127.0.0.1:-1", "must be tcp://host:port"},
    {"tcp://127.0.0.1:80/", "must be tcp://host:port"},
    {"tcp://example.org:80", "must be tcp://host:port"},
    {"tcp://::1:80", "must be tcp://host:port"},
    {"tcp://[::1:80", "must be tcp://host:port"},
    {"tcp://[127.0.0.1]:80", "must be tcp://host:port"},
    {"tcp://]:80", "must be tcp://host:port"},
    {"tcp://[]:80", "must be tcp://host:port"},
};

START_TEST(what_is_no_address_is_refused_with_a_reason)
{
    struct relay_address address;
    struct error error = {0};
    ck_assert_int_eq(relay_address_parse(bad[_i].text, &address, &error), STATUS_ECONFIG);
    ck_assert_msg(strstr(error_text(&error), bad[_i].words) != NULL, "%s", error_text(&error));
    error_clear(&error);
}
END_TEST

START_TEST(a_path_that_the_kernel_can_not_hold)
{
    struct relay_address address;
    struct error error = {0};
    char text[256];
    for (int size = 100; size < 120; size++) {
        snprintf(text, sizeof text, "unix:///%0*d", size - 1, 1);
        int status = relay_address_parse(text, &address, &error);
        ck_assert_int_eq(status, size <= 107 ? STATUS_OK : STATUS_ECONFIG);
        if (status != STATUS_OK) {
            ck_assert_ptr_nonnull(strstr(error_text(&error), "at most 107 bytes"));
        }
    }
    error_clear(&error);
}
END_TEST

TCase *relay_address_case(void);
TCase *relay_address_case(void)
{
    TCase *test = tcase_create("relay_address");
    tcase_add_loop_test(test, an_address_is_told_as_workers_read_it, 0,
                        sizeof good / sizeof good[0]);
    tcase_add_test(test, a_relative_path_is_of_the_working_directory);
    tcase_add_loop_test(test, what_is_no_address_is_refused_with_a_reason, 0,
                        sizeof bad / sizeof bad[0]);
    tcase_add_test(test, a_path_that_the_kernel_can_not_hold);
    return test;
}
