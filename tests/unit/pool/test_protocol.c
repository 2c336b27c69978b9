#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"

/* Workers of both protocols, each fixed and found out: _i is 0 for v2, 1 for auto. */
static void start_v2(int which)
{
    use_script("obedient_v2.php");
    settings.num_workers = 1;
    settings.protocol = which == 0 ? PROTOCOL_V2 : PROTOCOL_AUTO;
    start_pool();
}

START_TEST(a_worker_of_v2_is_served)
{
    start_v2(_i);
    const struct reply *reply = exec("world", "hello");
    expect_body(reply, "hello");
    ck_assert_str_eq(reply->payload.context.data, "world");
    expect_body(exec(NULL, "no context"), "no context");
    int pid = atoi(exec(NULL, "pid")->payload.body.data);
    expect_failure(exec(NULL, "error it hurts"), OUTCOME_ERROR, true, "it hurts");
    ck_assert_int_eq(atoi(exec(NULL, "pid")->payload.body.data), pid);
    expect_failure(exec(NULL, "exit 3"), OUTCOME_CRASHED, true, "it said: leaving with 3");
    ck_assert_int_ne(atoi(exec(NULL, "pid")->payload.body.data), pid);
}
END_TEST

START_TEST(an_empty_body_is_refused_where_it_would_mean_stop)
{
    start_v2(_i);
    int pid = atoi(exec(NULL, "pid")->payload.body.data);
    expect_failure(exec("a context alone", NULL), OUTCOME_REJECTED, false, "v2");
    ck_assert_int_eq(atoi(exec(NULL, "pid")->payload.body.data), pid);
}
END_TEST

START_TEST(large_payloads_of_any_bytes)
{
    start_v2(_i);
    size_t size = 5 * 1024 * 1024;
    char *body = malloc(size);
    for (size_t i = 0; i < size; i++) {
        body[i] = (char)(i * 7 + (i >> 8));
    }
    struct payload payload = {{body, 70000}, {body, size}};
    const struct reply *reply = exec_payload(payload);
    ck_assert(bytes_equal(reply->payload.body, payload.body));
    ck_assert(bytes_equal(reply->payload.context, payload.context));
    for (size_t near = 4096 - 60; near < 4096 + 40; near += 3) {
        payload = (struct payload){{body, near}, {body, 4096 - near % 40}};
        reply = exec_payload(payload);
        ck_assert(bytes_equal(reply->payload.body, payload.body));
        ck_assert(bytes_equal(reply->payload.context, payload.context));
    }
    free(body);
}
END_TEST

START_TEST(an_echo_on_the_channel_is_quoted)
{
    start_v2(_i);
    expect_failure(exec(NULL, "echo Warning: careful"), OUTCOME_CRASHED, true, "Warning: careful");
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(a_worker_of_v2_that_asks_to_stop)
{
    char marker[] = "/tmp/coyote-stop-XXXXXX";
    ck_assert_int_ge(mkstemp(marker), 0);
    remove(marker);
    char body[64];
    snprintf(body, sizeof body, "stop %s", marker);
    start_v2(_i);
    expect_body(exec(NULL, body), "ran elsewhere");
    remove(marker);
}
END_TEST

START_TEST(many_jobs_on_their_way)
{
    settings.prefetch = 8;
    start_v2(_i);
    for (int i = 0; i < 300; i++) {
        struct payload payload = {{NULL, 0}, bytes_of_text("x")};
        pool_host_submit(host, &payload, NULL, NULL);
    }
    for (int i = 0; i < 300; i++) {
        struct taken_reply *reply;
        ck_assert_int_eq(pool_host_next(host, 0, 20000, &reply, NULL), STATUS_OK);
        expect_body(&reply->reply, "x");
        taken_reply_free(reply);
    }
}
END_TEST

START_TEST(what_a_worker_of_v3_prints_before_it_answers_is_output)
{
    use_script("prints_at_boot.php");
    settings.num_workers = 1;
    settings.protocol = PROTOCOL_AUTO;
    start_pool();
    ck_assert(log_has("booting, please wait"));
    expect_body(exec(NULL, "print and later"), "printed");
    ck_assert(log_has("and later"));
}
END_TEST

/* _i: which protocol is fixed, and so wrong for the script. */
START_TEST(the_wrong_protocol_is_told_by_its_key)
{
    struct error error = {0};
    settings.protocol = _i == 0 ? PROTOCOL_V2 : PROTOCOL_V3;
    settings.allocate_timeout = 500;
    use_script(_i == 0 ? "obedient.php" : "obedient_v2.php");
    ck_assert_int_eq(pool_host_start(host, &settings, 30000, &error), STATUS_EWORKER);
    ck_assert_msg(strstr(error_text(&error), "protocol: auto") != NULL, "%s", error_text(&error));
    error_clear(&error);
}
END_TEST

START_TEST(noise_before_a_worker_of_v2_answers_is_quoted)
{
    struct error error = {0};
    setenv("BOOT_NOISE", "Notice: hello", 1);
    settings.environment = environ;
    settings.protocol = _i == 0 ? PROTOCOL_V2 : PROTOCOL_AUTO;
    settings.allocate_timeout = 500;
    use_script("obedient_v2.php");
    ck_assert_int_eq(pool_host_start(host, &settings, 30000, &error), STATUS_EWORKER);
    ck_assert_msg(strstr(error_text(&error), "Notice: hello") != NULL, "%s", error_text(&error));
    error_clear(&error);
    unsetenv("BOOT_NOISE");
}
END_TEST

TCase *protocol_case(void);
/* What waits in the relay of one that stops itself is not read any more. */
START_TEST(a_worker_of_the_package_that_stops_runs_no_job_twice)
{
    enum { NOTES = 7 };
    char body[96];
    struct taken_reply *reply = NULL;
    settings.num_workers = 1;
    settings.prefetch = NOTES + 1;
    use_script("coyote.php");
    start_pool();
    for (int i = 0; i <= NOTES; i++) {
        snprintf(body, sizeof body, i == 0 ? "stop" : "note %s", getenv("FIRST"));
        struct payload payload = {.body = bytes_of_text(body)};
        pool_host_submit(host, &payload, NULL, NULL);
    }
    for (int i = 0; i <= NOTES; i++) {
        ck_assert_int_eq(pool_host_next(host, 0, 20000, &reply, NULL), STATUS_OK);
        expect_body(&reply->reply, i == 0 ? "stopped" : "noted");
        taken_reply_free(reply);
    }
    FILE *notes = fopen(getenv("FIRST"), "r");
    int lines = 0;
    while (fgets(body, sizeof body, notes) != NULL) {
        lines++;
    }
    fclose(notes);
    ck_assert_int_eq(lines, NOTES);
    for (const struct log_line *line; (line = pool_host_log_next(host)) != NULL;) {
        ck_assert_msg(line->level < LOG_LEVEL_WARNING, "%s", (const char *)line->text.data);
    }
}
END_TEST

TCase *protocol_case(void)
{
    TCase *test = tcase_create("protocol");
    tcase_set_timeout(test, 90);
    tcase_add_checked_fixture(test, fixture_setup, fixture_teardown);
    tcase_add_checked_fixture(test, first_file_setup, first_file_teardown);
    tcase_add_loop_test(test, a_worker_of_v2_is_served, 0, 2);
    tcase_add_loop_test(test, an_empty_body_is_refused_where_it_would_mean_stop, 0, 2);
    tcase_add_loop_test(test, large_payloads_of_any_bytes, 0, 2);
    tcase_add_loop_test(test, an_echo_on_the_channel_is_quoted, 0, 2);
    tcase_add_loop_test(test, a_worker_of_v2_that_asks_to_stop, 0, 2);
    tcase_add_loop_test(test, many_jobs_on_their_way, 0, 2);
    tcase_add_test(test, what_a_worker_of_v3_prints_before_it_answers_is_output);
    tcase_add_loop_test(test, the_wrong_protocol_is_told_by_its_key, 0, 2);
    tcase_add_test(test, a_worker_of_the_package_that_stops_runs_no_job_twice);
    tcase_add_loop_test(test, noise_before_a_worker_of_v2_answers_is_quoted, 0, 2);
    return test;
}
