/* The groups server and source: handles, and calls that make no sense. */
#include <bindings.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"

#define ORDERS                                                                                     \
    "orders: {workers: {command: '" PHP " " FIXTURES "/workers/obedient.php',"                     \
    " pool: {num_workers: 1, prefetch: 1}}}"

static coy_server *server_of(const char *yaml)
{
    coy_config *config = coy_config_new();
    ck_assert_msg(coy_config_read_text(config, "test.yaml", yaml, strlen(yaml)) == COY_OK, "%s",
                  coy_error_message());
    coy_server *server = coy_server_new(config);
    ck_assert_msg(server != NULL, "%s", coy_error_message());
    return server;
}

static void expect_words(int status, const char *words)
{
    ck_assert_int_eq(coy_error_status(), status);
    ck_assert_msg(strstr(coy_error_message(), words) != NULL, "%s", coy_error_message());
}

/* Each call with a handle that is none, or not of this process. */
static void expect_refusals(coy_server *server, coy_source *source, int status)
{
    ck_assert_int_eq(coy_server_check(server), status);
    ck_assert_int_eq(coy_server_take_signals(server), status);
    ck_assert_int_eq(coy_server_release_signals(server), status);
    ck_assert_int_eq(coy_server_step(server, -1), status);
    ck_assert_int_eq(coy_server_serve(server, -1), status);
    ck_assert_int_eq(coy_server_fd(server), status);
    ck_assert_int_eq(coy_server_reset(server), status);
    ck_assert_int_eq(coy_server_stop(server), status);
    ck_assert_int_eq(coy_server_stop_now(server), status);
    ck_assert_ptr_null(coy_server_register(server, "orders"));
    ck_assert_int_eq(coy_error_status(), status);
    ck_assert_ptr_null(coy_server_log_next(server));
    ck_assert_int_eq(coy_error_status(), status);
    ck_assert_int_eq(coy_source_set_schema(source, "{}"), status);
    ck_assert_int_eq(coy_source_set_environment(source, "A", "b"), status);
    ck_assert_int_eq(coy_source_set_capacity(source, 1), status);
    ck_assert_int_eq(coy_source_disable(source), status);
    ck_assert_int_eq(coy_source_state(source), status);
    ck_assert_int_eq(coy_source_room(source), status);
    ck_assert_int_eq(coy_source_set_id(source, "i", 1), status);
    ck_assert_int_eq(coy_source_set_key(source, "k", 1), status);
    ck_assert_int_eq(coy_source_set_attempt(source, 1), status);
    ck_assert_int_eq(coy_source_push(source, NULL, 0, "x", 1), status);
    ck_assert_int_eq(coy_source_end(source), status);
    ck_assert_int_eq(coy_source_fail(source, "why"), status);
    ck_assert_ptr_null(coy_source_section(source));
    ck_assert_int_eq(coy_error_status(), status);
    ck_assert_ptr_null(coy_source_next_settled(source, -1));
    ck_assert_int_eq(coy_error_status(), status);
}

START_TEST(handles_that_are_none_are_refused)
{
    coy_server *server = server_of(ORDERS);
    coy_source *source = coy_server_register(server, "orders");
    expect_refusals(NULL, NULL, COY_EHANDLE);
    expect_refusals((coy_server *)(void *)source, (coy_source *)(void *)server, COY_EHANDLE);
    expect_refusals((coy_server *)(uintptr_t)4711, (coy_source *)(uintptr_t)4711, COY_EHANDLE);
    coy_server_free((coy_server *)(void *)source);
    ck_assert_int_eq(coy_source_state(source), COY_SERVICE_IDLE);
    coy_server_free(server);
    expect_refusals(server, source, COY_EHANDLE);
    coy_server_free(server);
    coy_server_free(NULL);
}
END_TEST

START_TEST(a_config_is_taken_over_unless_it_fails)
{
    coy_config *config = coy_config_new();
    coy_server *server = coy_server_new(config);
    ck_assert_ptr_nonnull(server);
    ck_assert_ptr_null(coy_config_get(config, ""));
    ck_assert_int_eq(coy_error_status(), COY_EHANDLE);
    ck_assert_ptr_null(coy_server_new(config));
    ck_assert_int_eq(coy_error_status(), COY_EHANDLE);
    coy_config_free(config);
    ck_assert_int_eq(coy_server_step(server, 0), COY_ECONFIG);
    expect_words(COY_ECONFIG, "no section names a source of events");
    coy_server_free(server);
    ck_assert_ptr_null(coy_server_new(NULL));
    ck_assert_int_eq(coy_error_status(), COY_EHANDLE);
}
END_TEST

START_TEST(files_that_can_not_be_read)
{
    ck_assert_ptr_null(coy_server_new_from_file(NULL));
    expect_words(COY_EINVAL, "path");
    ck_assert_ptr_null(coy_server_new_from_file("/nowhere/.rr.yaml"));
    expect_words(COY_ESYSTEM, "/nowhere/.rr.yaml");
    ck_assert_ptr_null(coy_server_new_from_file(FIXTURES));
    ck_assert_int_lt(coy_error_status(), 0);
}
END_TEST

START_TEST(arguments_that_can_not_be)
{
    coy_server *server = server_of(ORDERS);
    ck_assert_ptr_null(coy_server_register(server, NULL));
    expect_words(COY_EINVAL, "kind");
    ck_assert_ptr_null(coy_server_register(server, "no.kind"));
    expect_words(COY_EINVAL, "letters, digits, _ and -");
    ck_assert_ptr_null(coy_server_register(server, "ticker"));
    expect_words(COY_EINVAL, "\"ticker\" already");
    coy_source *source = coy_server_register(server, "orders");
    ck_assert_ptr_null(coy_server_register(server, "orders"));
    ck_assert_int_eq(coy_source_set_schema(source, NULL), COY_EINVAL);
    ck_assert_int_eq(coy_source_set_schema(source, "{\"type\": \"strin\"}"), COY_EINVAL);
    ck_assert_int_eq(coy_source_set_environment(source, NULL, "x"), COY_EINVAL);
    ck_assert_int_eq(coy_source_set_environment(source, "X", NULL), COY_EINVAL);
    ck_assert_int_eq(coy_source_set_environment(source, "X=", "x"), COY_EINVAL);
    ck_assert_int_eq(coy_source_set_capacity(source, 0), COY_EINVAL);
    ck_assert_int_eq(coy_source_set_capacity(source, INT64_MIN), COY_EINVAL);
    ck_assert_int_eq(coy_source_set_attempt(source, 0), COY_EINVAL);
    ck_assert_int_eq(coy_source_set_key(source, NULL, 1), COY_EINVAL);
    ck_assert_int_eq(coy_source_set_key(source, "x", SIZE_MAX), COY_EINVAL);
    ck_assert_int_eq(coy_source_set_key(source, "x", PTRDIFF_MAX), COY_ETOOBIG);
    ck_assert_int_eq(coy_source_set_id(source, NULL, 1), COY_EINVAL);
    ck_assert_int_eq(coy_source_set_id(source, NULL, 0), COY_OK);
    ck_assert_int_eq(coy_source_push(source, "x", SIZE_MAX, "x", 1), COY_EINVAL);
    ck_assert_int_eq(coy_source_push(source, NULL, 1, "x", 1), COY_EINVAL);
    ck_assert_int_eq(coy_source_push(source, "x", PTRDIFF_MAX, "x", PTRDIFF_MAX), COY_EMEMORY);
    ck_assert_int_eq(coy_source_fail(source, NULL), COY_EINVAL);
    ck_assert_int_eq(coy_source_state(source), COY_SERVICE_IDLE);
    coy_server_free(server);
}
END_TEST

START_TEST(calls_in_the_wrong_order)
{
    coy_server *server = server_of(ORDERS);
    coy_source *source = coy_server_register(server, "orders");
    ck_assert_ptr_null(coy_source_section(source));
    expect_words(COY_ESTATE, "coy_server_check first");
    ck_assert_int_eq(coy_source_disable(source), COY_ESTATE);
    expect_words(COY_ESTATE, "coy_server_check first");
    ck_assert_int_eq(coy_server_reset(server), COY_ESTATE);
    ck_assert_ptr_null(coy_server_log_next(server));
    ck_assert_int_eq(coy_server_check(server), COY_OK);
    ck_assert_int_eq(coy_server_check(server), COY_ESTATE);
    ck_assert_int_eq(coy_source_set_schema(source, "{}"), COY_ESTATE);
    ck_assert_int_eq(coy_source_set_environment(source, "A", "b"), COY_ESTATE);
    ck_assert_ptr_null(coy_server_register(server, "late"));
    expect_words(COY_ESTATE, "too late");
    ck_assert_int_eq(coy_server_release_signals(server), COY_OK);
    ck_assert_int_eq(coy_server_stop_now(server), COY_OK);
    ck_assert_int_eq(coy_server_step(server, -1), 0);
    ck_assert_int_eq(coy_source_push(source, NULL, 0, "x", 1), COY_ESTATE);
    expect_words(COY_ESTATE, "has ended");
    ck_assert_ptr_null(coy_source_next_settled(source, -1));
    ck_assert_int_eq(coy_error_status(), COY_ESTATE);
    ck_assert_int_eq(coy_source_end(source), COY_OK);
    ck_assert_int_eq(coy_source_fail(source, "why"), COY_OK);
    ck_assert_int_eq(coy_server_step(server, -1), 0);
    coy_server_free(server);
}
END_TEST

/* A reply and the words of a line are the host's own. */
START_TEST(a_reply_outlives_its_server_and_a_line_does_not)
{
    coy_server *server = server_of(ORDERS);
    coy_source *source = coy_server_register(server, "orders");
    ck_assert_int_eq(coy_source_push(source, "c", 1, "hello", 5), 1);
    coy_reply *reply = coy_source_next_settled(source, 30000);
    ck_assert_msg(reply != NULL, "%s", coy_error_message());
    coy_log_line *line = coy_server_log_next(server);
    ck_assert_str_eq(coy_log_line_service(line), "orders");
    coy_server_free(server);
    ck_assert_int_eq(coy_log_line_level(line), COY_EHANDLE);
    ck_assert_int_eq(coy_reply_job(reply), 1);
    ck_assert_str_eq(coy_reply_body(reply), "hello");
    coy_reply_free(reply);
}
END_TEST

START_TEST(a_server_freed_amid_events_leaves_nothing)
{
    coy_server *server = server_of(ORDERS);
    coy_source *source = coy_server_register(server, "orders");
    while (coy_source_state(source) != COY_SERVICE_SERVING) {
        ck_assert_int_eq(coy_server_step(server, 30000), 1);
    }
    for (int i = 0; i < 100; i++) {
        ck_assert_int_eq(coy_source_push(source, NULL, 0, "sleep 60000", 11), i + 1);
    }
    ck_assert_int_eq(coy_server_step(server, 0), 1);
    coy_server_free(server);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(a_child_of_the_host_is_told_and_frees)
{
    coy_server *server = server_of(ORDERS);
    coy_source *source = coy_server_register(server, "orders");
    while (coy_source_state(source) != COY_SERVICE_SERVING) {
        ck_assert_int_eq(coy_server_step(server, 30000), 1);
    }
    ck_assert_int_eq(coy_source_push(source, NULL, 0, "hello", 5), 1);
    pid_t child = fork();
    if (child == 0) {
        expect_refusals(server, source, COY_EFORKED);
        coy_server_free(server);
        _exit(coy_source_state(source) == COY_EHANDLE ? 0 : 1);
    }
    int status = -1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    coy_reply *reply = coy_source_next_settled(source, 30000);
    ck_assert_str_eq(coy_reply_body(reply), "hello");
    coy_reply_free(reply);
    coy_server_free(server);
}
END_TEST

TCase *server_case(void);
TCase *server_case(void)
{
    TCase *test = tcase_create("server");
    tcase_set_timeout(test, 120);
    tcase_add_test(test, handles_that_are_none_are_refused);
    tcase_add_test(test, a_config_is_taken_over_unless_it_fails);
    tcase_add_test(test, files_that_can_not_be_read);
    tcase_add_test(test, arguments_that_can_not_be);
    tcase_add_test(test, calls_in_the_wrong_order);
    tcase_add_test(test, a_reply_outlives_its_server_and_a_line_does_not);
    tcase_add_test(test, a_server_freed_amid_events_leaves_nothing);
    tcase_add_test(test, a_child_of_the_host_is_told_and_frees);
    return test;
}
