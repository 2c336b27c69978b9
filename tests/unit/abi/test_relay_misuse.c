/* Every call of the group relay, used wrongly. */
#include <bindings.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"

static coy_relay *relay;
static int to_worker;
static int from_worker;

/* What the server says first: {"pid":1234}; see tests/fixtures/goridge. */
static const char pid_frame[] = "\x13\x09\x0c\x00\x00\x00\x5f\x0c\x46\x73\x00\x00{\"pid\":1234}";

static void setup(void)
{
    int in[2];
    int out[2];
    char address[64];
    ck_assert_int_eq(pipe(in), 0);
    ck_assert_int_eq(pipe(out), 0);
    snprintf(address, sizeof address, "pipes://fd/%d:fd/%d", in[0], out[1]);
    relay = coy_relay_attach(address);
    ck_assert_msg(relay != NULL, "%s", coy_error_message());
    to_worker = in[1];
    from_worker = out[0];
}

static void teardown(void)
{
    coy_relay_free(relay);
    close(to_worker);
    close(from_worker);
}

/* With a payload that waits for its answer. */
static void receive_hello(void)
{
    static const char exec[] = "\x14\x00\x02\x00\x00\x00\xa5\x29\x8c\x83\x00\x00"
                               "\x01\x00\x00\x00" /* the context's length */
                               "ch";
    ck_assert_int_eq(write(to_worker, pid_frame, sizeof pid_frame - 1), sizeof pid_frame - 1);
    ck_assert_int_eq(write(to_worker, exec, sizeof exec - 1), sizeof exec - 1);
    ck_assert_int_eq(coy_relay_receive(relay, 10000), 1);
    ck_assert_str_eq(coy_relay_body(relay), "h");
    ck_assert_str_eq(coy_relay_context(relay), "c");
    char answer[100];
    ck_assert_int_gt(read(from_worker, answer, sizeof answer), 0); /* the handshake's */
}

static void expect(int64_t status, int64_t wanted, const char *text)
{
    ck_assert_int_eq(status, wanted);
    ck_assert_int_eq(coy_error_status(), wanted);
    ck_assert_msg(strstr(coy_error_message(), text) != NULL, "\"%s\" is not in: %s", text,
                  coy_error_message());
}

/* Every call of the group with a handle that is none. */
static void expect_no_handle(coy_relay *wrong, const char *text)
{
    expect(coy_relay_receive(wrong, -1), COY_EHANDLE, text);
    expect(coy_relay_send(wrong, NULL, 0, "x", 1), COY_EHANDLE, text);
    expect(coy_relay_error(wrong, "x", 1), COY_EHANDLE, text);
    expect(coy_relay_stop(wrong), COY_EHANDLE, text);
    expect(coy_relay_fd(wrong), COY_EHANDLE, text);
    ck_assert_ptr_null(coy_relay_body(wrong));
    ck_assert_ptr_null(coy_relay_context(wrong));
    ck_assert_uint_eq(coy_relay_body_size(wrong), 0);
    ck_assert_uint_eq(coy_relay_context_size(wrong), 0);
    coy_relay_free(wrong);
    coy_relay_free(wrong);
}

START_TEST(handles_that_are_none)
{
    coy_pool *foreign = coy_pool_new("php");
    expect_no_handle(NULL, "the coy_relay is NULL");
    expect_no_handle((coy_relay *)(uintptr_t)0x1234567890, "no live coy_relay");
    expect_no_handle((coy_relay *)UINTPTR_MAX, "no live coy_relay");
    expect_no_handle((coy_relay *)&to_worker, "no live coy_relay");
    ck_assert_ptr_nonnull(foreign);
    expect_no_handle((coy_relay *)foreign, "no live coy_relay");
    coy_pool_free(foreign);
    coy_relay *stale = relay;
    coy_relay_free(relay);
    relay = NULL;
    expect_no_handle(stale, "it was freed");
}
END_TEST

START_TEST(addresses_that_are_none)
{
    static const char *const addresses[] = {
        "",        "pipe", "pipes://fd/9999:fd/1", "unix:///nowhere", "tcp://", "tcp://127.0.0.1:1",
        "\xff\xfe"};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        ck_assert_ptr_null(coy_relay_attach(addresses[i]));
        ck_assert(coy_error_status() == COY_EINVAL || coy_error_status() == COY_ESYSTEM);
        ck_assert_uint_gt(strlen(coy_error_message()), 20);
    }
}
END_TEST

START_TEST(calls_in_the_wrong_order)
{
    expect(coy_relay_send(relay, NULL, 0, "x", 1), COY_ESTATE, "no payload to answer");
    expect(coy_relay_error(relay, "x", 1), COY_ESTATE, "no payload to answer");
    ck_assert_ptr_null(coy_relay_body(relay));
    ck_assert_int_eq(coy_relay_receive(relay, 0), COY_ETIMEOUT);
    receive_hello();
    expect(coy_relay_receive(relay, -1), COY_ESTATE, "the payload before has no answer");
    ck_assert_str_eq(coy_relay_body(relay), "h");
    ck_assert_int_eq(coy_relay_error(relay, NULL, 0), COY_OK);
    expect(coy_relay_error(relay, "again", 5), COY_ESTATE, "it has its answer");
    ck_assert_int_eq(coy_relay_stop(relay), COY_OK);
    ck_assert_int_eq(coy_relay_stop(relay), COY_OK);
    expect(coy_relay_send(relay, NULL, 0, "x", 1), COY_ESTATE, "no payload to answer");
    ck_assert_int_eq(coy_relay_receive(relay, 0), COY_ETIMEOUT);
    close(to_worker);
    to_worker = open("/dev/null", O_WRONLY);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(coy_relay_receive(relay, -1), 0);
        ck_assert_int_eq(coy_relay_stop(relay), COY_OK);
    }
    ck_assert_int_ge(coy_relay_fd(relay), 0);
}
END_TEST

START_TEST(sizes_that_cannot_be)
{
    receive_hello();
    expect(coy_relay_send(relay, NULL, 1, "x", 1), COY_EINVAL, "the context is NULL");
    expect(coy_relay_send(relay, "x", 1, NULL, 1), COY_EINVAL, "the body is NULL");
    expect(coy_relay_send(relay, "x", (size_t)-1, "x", 1), COY_EINVAL, "size of the context");
    expect(coy_relay_send(relay, "x", 1, "x", (size_t)-1), COY_EINVAL, "size of the body");
    expect(coy_relay_send(relay, "x", 1, "x", (size_t)INT64_MIN), COY_EINVAL, "negative");
    expect(coy_relay_error(relay, "x", (size_t)-1), COY_EINVAL, "size of the message");
    expect(coy_relay_error(relay, NULL, 7), COY_EINVAL, "the message is NULL");
    /* possible, and more than a frame holds: nothing of it is looked at */
    expect(coy_relay_send(relay, NULL, 0, "x", (size_t)UINT32_MAX + 1), COY_ETOOBIG, "4 GiB");
    expect(coy_relay_send(relay, "x", UINT32_MAX, "x", 1), COY_ETOOBIG, "4 GiB");
    expect(coy_relay_error(relay, "x", (size_t)UINT32_MAX + 1), COY_ETOOBIG, "4 GiB");
    /* and it still waits for its answer */
    char answer[18];
    ck_assert_int_eq(coy_relay_send(relay, NULL, 0, "OK", 2), COY_OK);
    ck_assert_int_eq(read(from_worker, answer, sizeof answer), sizeof answer);
    ck_assert_int_eq(memcmp(answer + 16, "OK", 2), 0);
}
END_TEST

START_TEST(time_outs_of_every_kind)
{
    ck_assert_int_eq(coy_relay_receive(relay, 0), COY_ETIMEOUT);
    ck_assert_int_eq(coy_relay_receive(relay, 1), COY_ETIMEOUT);
    receive_hello();
    ck_assert_int_eq(coy_relay_error(relay, "x", 1), COY_OK);
    close(to_worker);
    to_worker = open("/dev/null", O_WRONLY);
    ck_assert_int_eq(coy_relay_receive(relay, INT64_MAX), 0);
    ck_assert_int_eq(coy_relay_receive(relay, INT64_MIN), 0);
}
END_TEST

START_TEST(a_descriptor_that_the_host_has_closed)
{
    int fd = coy_relay_fd(relay);
    ck_assert_int_eq(close(fd), 0);
    expect(coy_relay_receive(relay, -1), COY_ESYSTEM, "closed behind its back");
}
END_TEST

START_TEST(a_fork_of_the_host)
{
    receive_hello();
    pid_t child = fork();
    if (child == 0) {
        bool good = coy_relay_receive(relay, -1) == COY_EFORKED &&
                    coy_relay_send(relay, NULL, 0, "x", 1) == COY_EFORKED &&
                    coy_relay_error(relay, "x", 1) == COY_EFORKED &&
                    coy_relay_stop(relay) == COY_EFORKED && coy_relay_fd(relay) == COY_EFORKED &&
                    strlen(coy_error_message()) > 20;
        coy_relay_free(relay);
        good = good && coy_relay_receive(relay, -1) == COY_EHANDLE;
        _exit(good ? 0 : 1);
    }
    int status = -1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(coy_relay_send(relay, NULL, 0, "x", 1), COY_OK);
}
END_TEST

TCase *relay_misuse_case(void);
TCase *relay_misuse_case(void)
{
    TCase *test = tcase_create("relay_misuse");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, handles_that_are_none);
    tcase_add_test(test, addresses_that_are_none);
    tcase_add_test(test, calls_in_the_wrong_order);
    tcase_add_test(test, sizes_that_cannot_be);
    tcase_add_test(test, time_outs_of_every_kind);
    tcase_add_test(test, a_descriptor_that_the_host_has_closed);
    tcase_add_test(test, a_fork_of_the_host);
    return test;
}
