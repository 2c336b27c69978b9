/* From an address to descriptors. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attach_world.h"

static const struct {
    const char *address;
    int status;
    const char *words;
} bad[] = {
    {"", STATUS_EINVAL, "the address \"\" names no relay: expected \"pipes\""},
    {"pipe", STATUS_EINVAL, "\"pipe\" names no relay"},
    {"pipes:", STATUS_EINVAL, "names no relay"},
    {"pipes://", STATUS_EINVAL, "names no relay"},
    {"pipes://fd/0", STATUS_EINVAL, "names no relay"},
    {"pipes://fd/0:", STATUS_EINVAL, "names no relay"},
    {"pipes://fd/0:fd/", STATUS_EINVAL, "names no relay"},
    {"pipes://fd/-1:fd/1", STATUS_EINVAL, "names no relay"},
    {"pipes://fd/0:fd/1 ", STATUS_EINVAL, "names no relay"},
    {"pipes://fd/0:fd/1:fd/2", STATUS_EINVAL, "names no relay"},
    {"pipes://fd/99999999999999999999:fd/1", STATUS_EINVAL, "names no relay"},
    {"pipes://stdout:stdin", STATUS_EINVAL, "names no relay"},
    {"pipes://fd/700:fd/701", STATUS_ESYSTEM, "descriptor 700 is not open (was this process"},
    {"unix://", STATUS_EINVAL, "the address: unix:// needs a path"},
    {"unix:///nowhere/at/all.sock", STATUS_ESYSTEM, "nothing can be reached there"},
    {"tcp://", STATUS_EINVAL, "must be tcp://host:port"},
    {"tcp://example.org:80", STATUS_EINVAL, "must be tcp://host:port"},
    {"tcp://127.0.0.1:0", STATUS_EINVAL, "port 0"},
    {"http://127.0.0.1:1", STATUS_EINVAL, "names no relay"},
};

START_TEST(an_address_that_is_none)
{
    struct error error = {0};
    struct attach *attach = NULL;
    /* by the parameter, then by the environment */
    for (int by_environment = 0; by_environment < 2; by_environment++) {
        if (by_environment == 1 && bad[_i].address[0] == '\0') {
            continue; /* is as if it were not set */
        }
        setenv("RR_RELAY", bad[_i].address, 1);
        ck_assert_int_eq(attach_open(by_environment == 1 ? NULL : bad[_i].address, &attach, &error),
                         bad[_i].status);
        const char *words = bad[_i].words;
        const char *name = strstr(words, "the address") == words ? words + 11 : words;
        ck_assert_msg(strstr(error_text(&error), by_environment == 1 ? name : words) != NULL, "%s",
                      error_text(&error));
        ck_assert(by_environment == 0 || strstr(error_text(&error), "RR_RELAY") != NULL);
        ck_assert_int_eq(error.status, bad[_i].status);
        ck_assert_ptr_null(attach);
        error_clear(&error);
    }
}
END_TEST

START_TEST(ends_that_are_the_wrong_way_round)
{
    int in[2];
    int out[2];
    char address[64];
    struct error error = {0};
    struct attach *attach = NULL;
    ck_assert_int_eq(pipe(in), 0);
    ck_assert_int_eq(pipe(out), 0);
    snprintf(address, sizeof address, "pipes://fd/%d:fd/%d", out[1], in[0]);
    ck_assert_int_eq(attach_open(address, &attach, &error), STATUS_EINVAL);
    ck_assert_ptr_nonnull(
        strstr(error_text(&error), "not open for reading: the input comes first"));
    error_clear(&error);
    snprintf(address, sizeof address, "pipes://fd/%d:fd/%d", in[0], out[0]);
    ck_assert_int_eq(attach_open(address, &attach, &error), STATUS_EINVAL);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "not open for writing"));
    error_clear(&error);
}
END_TEST

/* Becomes the worker at the ends of two pipes; returns the server's reading end. */
static int become_worker(void)
{
    int in[2];
    int out[2];
    ck_assert_int_eq(pipe(in), 0);
    ck_assert_int_eq(pipe(out), 0);
    struct world server = {.to_worker = in[1]};
    struct buffer bytes = {0};
    append_pid(&server, &bytes);
    world_give(&server, &bytes);
    buffer_free(&bytes);
    dup2(in[0], 0);
    fflush(stdout);
    dup2(out[1], 1);
    close(in[0]);
    close(out[1]);
    return out[0];
}

START_TEST(standard_input_and_output)
{
    static const char *const addresses[] = {
        NULL, NULL, NULL, "pipes", "pipes://stdin:stdout", "pipes://fd/0:fd/1"};
    static const char *const variables[] = {NULL, "", "pipes", "unix:///nowhere", "nonsense", NULL};
    struct attach *attach = NULL;
    struct error error = {0};
    char answer[12];
    unsetenv("RR_RELAY");
    if (variables[_i] != NULL) {
        setenv("RR_RELAY", variables[_i], 1);
    }
    int saved = dup(1);
    int from_worker = become_worker();
    int status = attach_open(addresses[_i], &attach, &error);
    ck_assert_msg(status == STATUS_OK, "%s", error_text(&error));
    ck_assert_int_eq(attach_fd(attach, NULL), 0);
    ck_assert_int_eq(attach_receive(attach, 0, NULL), STATUS_ETIMEOUT);
    attach_free(attach);
    ck_assert_int_eq(fcntl(0, F_GETFD), 0); /* open, and a child's too */
    ck_assert_int_eq(fcntl(1, F_GETFD), 0);
    ck_assert_int_eq(read(from_worker, answer, sizeof answer), sizeof answer);
    ck_assert_int_eq(answer[0], 0x13);
    dup2(saved, 1);
}
END_TEST

START_TEST(no_server_has_started_it)
{
    struct attach *attach = NULL;
    struct error error = {0};
    unsetenv("RR_RELAY");
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert_int_ge(terminal, 0);
    ck_assert_int_eq(grantpt(terminal) | unlockpt(terminal), 0);
    int other = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    dup2(other, 0);
    ck_assert_int_eq(attach_open(NULL, &attach, &error), STATUS_EINVAL);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "no server has started it"));
    error_clear(&error);
}
END_TEST

START_TEST(tcp_without_delay)
{
    struct sockaddr_in name = {.sin_family = AF_INET};
    socklen_t size = sizeof name;
    char address[64];
    struct attach *attach = NULL;
    struct error error = {0};
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(listening, (struct sockaddr *)&name, size), 0);
    ck_assert_int_eq(listen(listening, 1), 0);
    ck_assert_int_eq(getsockname(listening, (struct sockaddr *)&name, &size), 0);
    snprintf(address, sizeof address, "tcp://%s:%d", _i == 0 ? "127.0.0.1" : "localhost",
             ntohs(name.sin_port));
    int status = attach_open(address, &attach, &error);
    ck_assert_msg(status == STATUS_OK, "%s", error_text(&error));
    int on = 0;
    size = sizeof on;
    getsockopt(attach_fd(attach, NULL), IPPROTO_TCP, TCP_NODELAY, &on, &size);
    ck_assert_int_ne(on, 0);
    ck_assert_int_eq(fcntl(attach_fd(attach, NULL), F_GETFD), FD_CLOEXEC);
    /* bytes that nobody has read make the server's end a reset: it is gone, and that is all */
    int server = accept(listening, NULL, NULL);
    struct linger at_once = {.l_onoff = 1};
    setsockopt(server, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(server);
    ck_assert_int_eq(attach_receive(attach, 10000, NULL), 0);
    attach_free(attach);
    close(listening);
}
END_TEST

TCase *attach_ends_case(void);
TCase *attach_ends_case(void)
{
    TCase *test = tcase_create("ends");
    tcase_add_loop_test(test, an_address_that_is_none, 0, sizeof bad / sizeof *bad);
    tcase_add_test(test, ends_that_are_the_wrong_way_round);
    tcase_add_loop_test(test, standard_input_and_output, 0, 6);
    tcase_add_test(test, no_server_has_started_it);
    tcase_add_loop_test(test, tcp_without_delay, 0, 2);
    return test;
}
