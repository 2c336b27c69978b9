/* What pools over sockets do besides. _i: 0 unix, 1 tcp. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "fixture.h"

static void over(int which)
{
    which == 0 ? fixture_setup_unix() : fixture_setup_tcp();
}

static void expect_no_start(const char *text)
{
    struct error error = {0};
    ck_assert_int_ne(pool_host_start(host, &settings, 30000, &error), STATUS_OK);
    ck_assert_msg(strstr(error_text(&error), text) != NULL, "\"%s\" is not in: %s", text,
                  error_text(&error));
    error_clear(&error);
}

static const char *unix_path(void)
{
    return settings.relay + strlen("unix://");
}

static bool is_there(const char *path)
{
    struct stat file;
    return lstat(path, &file) == 0;
}

START_TEST(workers_are_told_the_address_and_hold_no_descriptor)
{
    over(_i);
    start_pool();
    const char *told = exec(NULL, "env RR_RELAY")->payload.body.data;
    if (_i == 0) {
        ck_assert_str_eq(told, settings.relay);
    } else {
        ck_assert_msg(strncmp(told, "tcp://127.0.0.1:", 16) == 0 && atoi(told + 16) > 0, "%s",
                      told);
    }
    /* 3 is the socket that it opened itself, 4 the directory of /proc that PHP looks at */
    const char *fds = exec(NULL, "fds")->payload.body.data;
    ck_assert_msg(strlen(fds) <= strlen("0 1 2 3 4 5"), "open: %s", fds);
}
END_TEST

START_TEST(a_worker_that_takes_no_notice_of_its_relay)
{
    over(_i);
    use_script("silent.php");
    settings.relay_timeout = 400;
    expect_no_start("did not answer the handshake within 0.4 s (relay_timeout)");
    fixture_teardown();
    over(_i);
    use_script("no_worker.php");
    expect_no_start("does the script take its relay from RR_RELAY");
}
END_TEST

START_TEST(the_socket_lives_as_long_as_the_pool)
{
    over(0);
    start_pool();
    struct stat file;
    ck_assert_int_eq(lstat(unix_path(), &file), 0);
    ck_assert_int_eq(file.st_mode & ACCESSPERMS, 0600);
    ck_assert_int_eq(pool_host_stop(host, 20000, NULL), STATUS_OK);
    ck_assert(!is_there(unix_path()));
    fixture_teardown();
    over(0);
    start_pool();
    ck_assert(is_there(unix_path()));
    fixture_teardown();
    host = NULL;
    ck_assert(!is_there(unix_path()));
}
END_TEST

START_TEST(a_start_that_fails_leaves_no_socket_and_can_be_tried_again)
{
    static char *nowhere[] = {"phq", "app.php", NULL};
    over(_i);
    char *const *good = settings.command;
    settings.command = nowhere;
    expect_no_start("phq: No such file");
    ck_assert(_i != 0 || !is_there(unix_path()));
    settings.command = good;
    start_pool();
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(a_relay_that_is_another_pools)
{
    over(0);
    start_pool();
    struct pool_host *first = host;
    host = pool_host_new(NULL);
    expect_no_start("workers.relay: somebody listens on");
    pool_host_free(host);
    host = first;
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(a_relay_without_a_timeout)
{
    over(_i);
    settings.relay_timeout = 0;
    expect_no_start("relay_timeout must be more than 0");
    settings.relay_timeout = 1000;
    settings.relay = "udp://127.0.0.1:1";
    expect_no_start("workers.relay: expected \"pipes\"");
}
END_TEST

START_TEST(a_worker_idles_longer_than_phps_time_out_for_sockets)
{
    static char *command[] = {PHP, "-d", "default_socket_timeout=1", FIXTURES "/workers/coyote.php",
                              NULL};
    over(_i);
    settings.command = command;
    settings.num_workers = 1;
    start_pool();
    int pid = atoi(exec(NULL, "pid")->payload.body.data);
    usleep(1400000); /* more than the second: to wait for nothing is what is tested */
    ck_assert_int_eq(atoi(exec(NULL, "pid")->payload.body.data), pid);
}
END_TEST

/* A fork of the host frees its copy; the parent's pool goes on, and replaces a worker still. */
START_TEST(a_fork_of_the_host_harms_nothing)
{
    over(_i);
    settings.num_workers = 1;
    start_pool();
    int pid = atoi(exec(NULL, "pid")->payload.body.data);
    pid_t child = fork();
    if (child == 0) {
        pool_host_free(host);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    ck_assert_int_eq(atoi(exec(NULL, "pid")->payload.body.data), pid);
    expect_failure(exec(NULL, "exit 1"), OUTCOME_CRASHED, true, "exited with status 1");
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(workers_of_roadrunner_1_by_protocol_v2)
{
    over(_i);
    use_script("obedient_v2.php");
    settings.protocol = PROTOCOL_V2;
    settings.num_workers = 1;
    start_pool();
    const struct reply *reply = exec("world", "hello");
    expect_body(reply, "hello");
    ck_assert_str_eq(reply->payload.context.data, "world");
    expect_failure(exec("a context alone", NULL), OUTCOME_REJECTED, false, "v2");
    expect_failure(exec(NULL, "error it hurts"), OUTCOME_ERROR, true, "it hurts");
    expect_body(exec(NULL, "echo on stdout, which is no channel here\n"), "echoed");
    ck_assert(log_has("on stdout, which is no channel here"));
    expect_failure(exec(NULL, "exit 3"), OUTCOME_CRASHED, true, "leaving with 3");
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

/* Over a socket nothing but the key tells the server which one to speak first. */
START_TEST(the_wrong_protocol_is_told_by_its_key)
{
    over(_i / 2);
    settings.protocol = _i % 2 == 0 ? PROTOCOL_V2 : PROTOCOL_AUTO;
    settings.relay_timeout = 2000;
    use_script(_i % 2 == 0 ? "obedient.php" : "obedient_v2.php");
    expect_no_start("workers.protocol");
}
END_TEST

TCase *sockets_case(void);
TCase *sockets_case(void)
{
    TCase *test = tcase_create("sockets");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, NULL, fixture_teardown);
    tcase_add_loop_test(test, workers_are_told_the_address_and_hold_no_descriptor, 0, 2);
    tcase_add_loop_test(test, a_worker_that_takes_no_notice_of_its_relay, 0, 2);
    tcase_add_test(test, the_socket_lives_as_long_as_the_pool);
    tcase_add_loop_test(test, a_start_that_fails_leaves_no_socket_and_can_be_tried_again, 0, 2);
    tcase_add_test(test, a_relay_that_is_another_pools);
    tcase_add_loop_test(test, a_relay_without_a_timeout, 0, 2);
    tcase_add_loop_test(test, a_worker_idles_longer_than_phps_time_out_for_sockets, 0, 2);
    tcase_add_loop_test(test, a_fork_of_the_host_harms_nothing, 0, 2);
    tcase_add_loop_test(test, workers_of_roadrunner_1_by_protocol_v2, 0, 2);
    tcase_add_loop_test(test, the_wrong_protocol_is_told_by_its_key, 0, 4);
    return test;
}
