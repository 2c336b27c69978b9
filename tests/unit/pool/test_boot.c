#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "fixture.h"

static void expect_no_start(const char *text)
{
    struct error error = {0};
    int64_t before = clock_now();
    ck_assert_int_ne(pool_host_start(host, &settings, 60000, &error), STATUS_OK);
    ck_assert_msg(strstr(error_text(&error), text) != NULL, "\"%s\" is not in: %s", text,
                  error_text(&error));
    /* far below the time-outs of the fixture: it did not wait for one */
    ck_assert_int_lt(clock_now() - before, 10 * CLOCK_SECOND);
    error_clear(&error);
}

START_TEST(a_command_that_does_not_exist)
{
    static char *nowhere[] = {"phq", "app.php", NULL};
    settings.command = nowhere;
    expect_no_start("phq: No such file or directory in PATH");
}
END_TEST

START_TEST(a_command_that_is_no_program)
{
    static char *missing[] = {"/nowhere/php", NULL};
    static char *folder[] = {"/tmp", NULL};
    settings.command = _i == 0 ? missing : folder;
    expect_no_start(_i == 0 ? "No such file or directory" : "not a file");
}
END_TEST

START_TEST(a_script_that_does_not_exist)
{
    use_script("nowhere.php");
    expect_no_start("Could not open input file");
}
END_TEST

START_TEST(a_script_that_dies_at_boot)
{
    use_script("dies_at_boot.php");
    expect_no_start("the database is away");
}
END_TEST

START_TEST(a_script_that_is_no_worker)
{
    use_script("no_worker.php");
    expect_no_start("before it answered the handshake");
}
END_TEST

START_TEST(a_script_that_never_answers)
{
    use_script("silent.php");
    settings.allocate_timeout = 300;
    expect_no_start("did not answer the handshake within 0.3 s");
}
END_TEST

/* Two jobs at a time until they are done by two workers. */
static void expect_two_workers(void)
{
    struct payload payload = {{NULL, 0}, bytes_of_text("sleep 50")};
    int64_t deadline = clock_after(20000);
    pid_t pids[2] = {0, 0};
    while (pids[0] == pids[1]) {
        ck_assert_int_lt(clock_now(), deadline);
        pool_host_submit(host, &payload, NULL, NULL);
        pool_host_submit(host, &payload, NULL, NULL);
        for (size_t i = 0; i < 2; i++) {
            struct taken_reply *reply;
            ck_assert_int_eq(pool_host_next(host, 0, 20000, &reply, NULL), STATUS_OK);
            expect_body(&reply->reply, "slept");
            pids[i] = reply->reply.pid;
            taken_reply_free(reply);
        }
    }
}

START_TEST(those_that_boot_serve_and_the_others_are_tried_again)
{
    first_file_setup();
    use_script("closes_at_boot.php");
    start_pool();
    expect_body(exec(NULL, "hello"), "hello");
    ck_assert(log_has("1 of 2 workers did not come up and are tried again: worker"));
    expect_two_workers();
    first_file_teardown();
}
END_TEST

START_TEST(the_environment_reaches_the_worker)
{
    static char *environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "RR_RELAY=nonsense",
                                  "RR_MODE=test", NULL};
    settings.environment = environment;
    start_pool();
    expect_body(exec(NULL, "env RR_MODE"), "test");
    expect_body(exec(NULL, "env RR_RELAY"), "pipes://fd/3:fd/4");
    expect_body(exec(NULL, "env HOME"), "");
}
END_TEST

START_TEST(settings_are_checked)
{
    settings.num_workers = 0;
    expect_no_start("num_workers");
    settings.num_workers = 501;
    expect_no_start("from 1 to 500");
    settings.num_workers = 1;
    settings.destroy_timeout = 0;
    expect_no_start("destroy_timeout");
    settings.destroy_timeout = 1;
    settings.prefetch = SIZE_MAX;
    expect_no_start("prefetch is 18446744073709551615; it must be from 1 to");
    settings.prefetch = 1;
    settings.max_payload_size = (size_t)UINT32_MAX + 1; /* what a frame's length can't say */
    expect_no_start("max_payload_size is 4294967296; it must be from 1 to 4294967295");
}
END_TEST

TCase *boot_case(void);
TCase *boot_case(void)
{
    TCase *test = tcase_create("boot");
    tcase_set_timeout(test, 90);
    tcase_add_checked_fixture(test, fixture_setup, fixture_teardown);
    tcase_add_test(test, a_command_that_does_not_exist);
    tcase_add_loop_test(test, a_command_that_is_no_program, 0, 2);
    tcase_add_test(test, a_script_that_does_not_exist);
    tcase_add_test(test, a_script_that_dies_at_boot);
    tcase_add_test(test, a_script_that_is_no_worker);
    tcase_add_test(test, a_script_that_never_answers);
    tcase_add_test(test, those_that_boot_serve_and_the_others_are_tried_again);
    tcase_add_test(test, the_environment_reaches_the_worker);
    tcase_add_test(test, settings_are_checked);
    return test;
}
