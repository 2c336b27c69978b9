#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "loop/loop.h"
#include "relay/relay.h"
#include "suite.h"
#include "wire/goridge3.h"

enum { LIMIT = 4 * 1024 * 1024 };

/* What the relay told its owner. */
struct told {
    int messages;
    enum relay_message_kind kind;
    char context[64];
    char body[64];
    size_t body_size;
    pid_t pid;
    int ends;
    int status;
    int prints;
    int print_fd;
    char printed[512];
    char reason[512];
    bool closes; /* the relay, at the next message */
    bool sends;  /* a payload, at each message */
};

static struct loop *loop;
static struct relay *relay;
static struct told told;
static int worker_in;  /* the worker's end: what it reads */
static int worker_out; /* and what it writes */

static void keep(char *to, size_t size, struct bytes from)
{
    size_t take = from.size < size - 1 ? from.size : size - 1;
    if (take > 0) {
        memcpy(to, from.data, take);
    }
    to[take] = '\0';
}

static int in_pipe(void)
{
    int size = -1;
    ck_assert_int_eq(ioctl(worker_in, FIONREAD, &size), 0);
    return size;
}

static const struct payload next_payload = {{"ctx", 3}, {"next", 4}};

static void on_message(void *owner, const struct relay_message *message)
{
    (void)owner;
    told.messages++;
    told.kind = message->kind;
    told.pid = message->pid;
    told.body_size = message->payload.body.size;
    keep(told.context, sizeof told.context, message->payload.context);
    keep(told.body, sizeof told.body, message->payload.body);
    if (told.sends) {
        ck_assert_int_eq(relay_send(relay, &next_payload, NULL), 0);
        ck_assert_int_eq(in_pipe(), 0);
        ck_assert_uint_eq(relay_unwritten(relay), (size_t)told.messages);
    }
    if (told.closes) {
        relay_close(relay);
    }
}

static void on_end(void *owner, const struct error *reason)
{
    (void)owner;
    told.ends++;
    told.status = reason->status;
    keep(told.reason, sizeof told.reason, bytes_of_text(reason->text));
}

static void on_print(void *owner, struct bytes so_far, int fd)
{
    (void)owner;
    told.prints++;
    told.print_fd = fd;
    keep(told.printed, sizeof told.printed, so_far);
}

static void make_relay(enum protocol protocol)
{
    static const struct relay_events events = {on_message, on_end, on_print};
    const struct relay_settings settings = {loop, protocol, LIMIT};
    ck_assert_int_eq(relay_pipes_new(&settings, &events, NULL, &relay, NULL), 0);
}

static void setup(void)
{
    memset(&told, 0, sizeof told);
    loop = loop_new(NULL);
    make_relay(PROTOCOL_V3);
    struct relay_child child = relay_child(relay);
    ck_assert_str_eq(child.address, "pipes://fd/3:fd/4");
    worker_in = fcntl(child.fds[0], F_DUPFD_CLOEXEC, 0);
    worker_out = fcntl(child.fds[1], F_DUPFD_CLOEXEC, 0);
    ck_assert_int_eq(fcntl(worker_in, F_GETFL) & O_NONBLOCK, 0);
    ck_assert_int_eq(relay_open(relay, getpid(), NULL), 0);
}

static void hang_up(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

static void teardown(void)
{
    relay_free(relay);
    hang_up(&worker_in);
    hang_up(&worker_out);
    loop_free(loop);
}

static void say(const void *bytes, size_t size)
{
    ck_assert_int_eq(write(worker_out, bytes, size), (ssize_t)size);
}

static void say_frame(uint8_t flags, uint8_t stream, const char *context, const char *body)
{
    uint8_t header[GORIDGE3_HEADER_MAX];
    uint32_t option = (uint32_t)strlen(context);
    bool is_reply = flags == 0;
    char bytes[256];
    size_t size = goridge3_header(header, flags, stream, &option, is_reply ? 1 : 0,
                                  (uint32_t)(strlen(context) + strlen(body)));
    memcpy(bytes, header, size);
    say(bytes, size + (size_t)snprintf(bytes + size, sizeof bytes - size, "%s%s", context, body));
}

static void step_until(const int *count, int wanted)
{
    int64_t deadline = clock_after(20000);
    while (*count < wanted) {
        ck_assert_int_eq(loop_step(loop, deadline, NULL), STATUS_OK);
    }
}

START_TEST(the_server_speaks_first_and_hears_the_answer)
{
    char came[256];
    char wanted[64];
    ck_assert_int_eq(relay_send_pid(relay, NULL), 0);
    ssize_t got = read(worker_in, came, sizeof came);
    snprintf(wanted, sizeof wanted, "{\"pid\":%d}", (int)getpid());
    ck_assert_int_eq(got, 12 + (ssize_t)strlen(wanted));
    ck_assert_int_eq(memcmp(came + 12, wanted, strlen(wanted)), 0);
    ck_assert_uint_eq(relay_unwritten(relay), 0);
    say_frame(GORIDGE3_CONTROL, 0, "", "{\"pid\":77}");
    step_until(&told.messages, 1);
    ck_assert_int_eq(told.kind, RELAY_PID);
    ck_assert_int_eq(told.pid, 77);
}
END_TEST

START_TEST(replies_errors_and_stops_are_told_apart)
{
    say_frame(0, 0, "ctx", "body");
    step_until(&told.messages, 1);
    ck_assert_int_eq(told.kind, RELAY_REPLY);
    ck_assert_str_eq(told.context, "ctx");
    ck_assert_str_eq(told.body, "body");
    say_frame(GORIDGE3_ERROR, 0, "", "it hurts");
    step_until(&told.messages, 2);
    ck_assert_int_eq(told.kind, RELAY_ERROR);
    ck_assert_str_eq(told.body, "it hurts");
    say_frame(0, 0, "{\"stop\":true}", "");
    step_until(&told.messages, 3);
    ck_assert_int_eq(told.kind, RELAY_STOP);
    say_frame(0, GORIDGE3_STREAM, "", "a");
    say_frame(0, 0, "", "b");
    step_until(&told.messages, 4);
    ck_assert_str_eq(told.body, "ab");
    ck_assert_int_eq(told.ends, 0);
}
END_TEST

/* Bits of byte 10: PING may come with a chunk, and with the last one too. */
START_TEST(a_ping_is_answered_and_its_chunk_is_not_lost)
{
    static const unsigned char pong[] = {0x13, 0, 0, 0, 0, 0, 0x96, 0xd1, 0x80, 0x34, 8, 0};
    char came[64];
    say_frame(0, GORIDGE3_STREAM | GORIDGE3_PING, "", "a");
    say_frame(0, GORIDGE3_PING, "", "b");
    step_until(&told.messages, 1);
    ck_assert_str_eq(told.body, "ab");
    ck_assert_int_eq(read(worker_in, came, sizeof came), 2 * sizeof pong);
    ck_assert_int_eq(memcmp(came, pong, sizeof pong), 0);
    ck_assert_int_eq(memcmp(came + sizeof pong, pong, sizeof pong), 0);
    say_frame(0, 0, "", "quiet again");
    step_until(&told.messages, 2);
    ck_assert_str_eq(told.body, "quiet again");
    fcntl(worker_in, F_SETFL, O_NONBLOCK);
    ck_assert_int_eq(read(worker_in, came, sizeof came), -1);
}
END_TEST

/* A child plays a worker that reads slowly and answers with the size of what came. */
START_TEST(a_large_payload_leaves_as_the_pipe_takes_it)
{
    size_t size = 3 * 1024 * 1024;
    char *body = calloc(1, size);
    struct payload payload = {bytes_of_text("ctx"), {body, size}};
    ck_assert_int_eq(relay_send(relay, &payload, NULL), 0);
    ck_assert_uint_eq(relay_unwritten(relay), 1);
    pid_t pid = fork();
    if (pid == 0) {
        size_t left = 16 + 3 + size;
        static char piece[70000];
        while (left > 0) {
            ssize_t got = read(worker_in, piece, sizeof piece);
            left -= got > 0 ? (size_t)got : left;
        }
        say_frame(0, 0, "", "got it all");
        _exit(0);
    }
    step_until(&told.messages, 1);
    ck_assert_str_eq(told.body, "got it all");
    ck_assert_uint_eq(relay_unwritten(relay), 0);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
    free(body);
}
END_TEST

/* One write for all that is sent on account of what one read has brought: the pool fills a worker's
   places anew when several answers come together. */
START_TEST(what_is_sent_at_messages_goes_out_together_after_the_last)
{
    enum { ANSWERS = 5 };
    told.sends = true;
    for (int i = 0; i < ANSWERS; i++) {
        say_frame(0, 0, "", "answer");
    }
    ck_assert_int_eq(loop_step(loop, clock_after(20000), NULL), STATUS_OK);
    ck_assert_int_eq(told.messages, ANSWERS);
    ck_assert_int_eq(in_pipe(), ANSWERS * (16 + 3 + 4));
    ck_assert_uint_eq(relay_unwritten(relay), 0);
}
END_TEST

START_TEST(what_is_sent_at_a_message_is_not_sent_where_nonsense_follows)
{
    told.sends = true;
    say_frame(0, 0, "", "answer");
    say("nonsense", 8);
    step_until(&told.ends, 1);
    ck_assert_int_eq(told.messages, 1);
    ck_assert_int_eq(in_pipe(), 0);
    ck_assert_uint_eq(relay_unwritten(relay), 1);
}
END_TEST

START_TEST(nonsense_ends_it_with_the_reason)
{
    say("Warning: something\n", 19);
    step_until(&told.ends, 1);
    ck_assert_int_eq(told.status, STATUS_EPROTOCOL);
    ck_assert_ptr_nonnull(strstr(told.reason, "PHP printed a warning"));
    say_frame(0, 0, "", "late");
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_ETIMEOUT);
    ck_assert_int_eq(told.messages, 0);
}
END_TEST

START_TEST(a_plain_end_is_no_nonsense)
{
    say_frame(0, 0, "", "last");
    hang_up(&worker_out);
    step_until(&told.ends, 1);
    ck_assert_int_eq(told.messages, 1);
    ck_assert_int_eq(told.status, STATUS_OK);
    ck_assert_str_eq(told.reason, "");
}
END_TEST

/* The process died while it wrote: that is its end, and no offence. */
START_TEST(an_end_amid_a_frame_is_an_end_and_quoted)
{
    uint8_t header[GORIDGE3_HEADER_MAX];
    uint32_t none = 0;
    say(header, goridge3_header(header, 0, 0, &none, 1, 100));
    say("half", 4);
    hang_up(&worker_out);
    step_until(&told.ends, 1);
    ck_assert_int_eq(told.status, STATUS_OK);
    ck_assert_ptr_nonnull(strstr(told.reason, "inside a frame, after 20 bytes"));
    ck_assert_ptr_nonnull(strstr(told.reason, "half"));
}
END_TEST

START_TEST(a_worker_that_does_not_read_any_more_has_ended)
{
    struct payload payload = {{NULL, 0}, bytes_of_text("hello")};
    say_frame(0, 0, "", "last words");
    hang_up(&worker_in);
    ck_assert_int_eq(relay_send(relay, &payload, NULL), 0);
    ck_assert_int_eq(told.ends, 0);
    step_until(&told.ends, 1);
    ck_assert_int_eq(told.status, STATUS_OK);
    ck_assert_str_eq(told.body, "last words");
    ck_assert_uint_eq(relay_unwritten(relay), 1);
}
END_TEST

START_TEST(a_relay_closed_by_its_owner_tells_nothing_more)
{
    told.closes = true;
    say_frame(0, 0, "", "one");
    say_frame(0, 0, "", "two");
    hang_up(&worker_out);
    step_until(&told.messages, 1);
    ck_assert_int_eq(loop_step(loop, 0, NULL), STATUS_ETIMEOUT);
    ck_assert_int_eq(told.messages, 1);
    ck_assert_int_eq(told.ends, 0);
}
END_TEST

START_TEST(a_drain_reads_what_is_there_and_does_not_wait)
{
    for (int i = 0; i < 50; i++) {
        say_frame(0, 0, "", "left behind");
    }
    relay_drain(relay); /* the pipe is open still: a grandchild may hold it */
    ck_assert_int_eq(told.messages, 50);
    ck_assert_int_eq(told.ends, 0);
    hang_up(&worker_out);
    relay_drain(relay);
    ck_assert_int_eq(told.ends, 1);
}
END_TEST

/* Many frames by each write, so that there is always more. */
static pid_t flood(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct buffer frames = {0};
        for (int i = 0; i < 1000; i++) {
            goridge3_append_pid(&frames, 1);
        }
        while (write(worker_out, frames.data, frames.end) > 0) {
        }
        _exit(1);
    }
    return pid;
}

START_TEST(a_drain_ends_although_a_grandchild_goes_on_writing)
{
    pid_t pid = flood();
    step_until(&told.messages, 10000);
    int before = told.messages;
    relay_drain(relay);
    /* what one pipe holds, and not what goes through it */
    ck_assert_int_lt(told.messages - before, 10000);
    kill(pid, SIGKILL);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

TCase *relay_pipes_case(void);
TCase *relay_pipes_case(void)
{
    TCase *test = tcase_create("relay_pipes");
    tcase_set_timeout(test, 30);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, the_server_speaks_first_and_hears_the_answer);
    tcase_add_test(test, replies_errors_and_stops_are_told_apart);
    tcase_add_test(test, a_ping_is_answered_and_its_chunk_is_not_lost);
    tcase_add_test(test, a_large_payload_leaves_as_the_pipe_takes_it);
    tcase_add_test(test, what_is_sent_at_messages_goes_out_together_after_the_last);
    tcase_add_test(test, what_is_sent_at_a_message_is_not_sent_where_nonsense_follows);
    tcase_add_test(test, nonsense_ends_it_with_the_reason);
    tcase_add_test(test, a_plain_end_is_no_nonsense);
    tcase_add_test(test, an_end_amid_a_frame_is_an_end_and_quoted);
    tcase_add_test(test, a_worker_that_does_not_read_any_more_has_ended);
    tcase_add_test(test, a_relay_closed_by_its_owner_tells_nothing_more);
    tcase_add_test(test, a_drain_reads_what_is_there_and_does_not_wait);
    tcase_add_test(test, a_drain_ends_although_a_grandchild_goes_on_writing);
    return test;
}
