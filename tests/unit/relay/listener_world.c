#include "listener_world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "relay/ends/relay_address.h"
#include "wire/goridge3.h"

enum { LIMIT = 1024 * 1024 };

struct world world;

static void keep(char *to, size_t size, struct bytes from)
{
    size_t take = from.size < size - 1 ? from.size : size - 1;
    if (take > 0) {
        memcpy(to, from.data, take);
    }
    to[take] = '\0';
}

static void on_message(void *owner, const struct relay_message *message)
{
    (void)owner;
    world.messages++;
    world.kind = message->kind;
    world.pid = message->pid;
    keep(world.body, sizeof world.body, message->payload.body);
}

static void on_end(void *owner, const struct error *reason)
{
    (void)owner;
    world.ends++;
    world.status = reason->status;
    keep(world.reason, sizeof world.reason, bytes_of_text(reason->text));
}

static void on_print(void *owner, struct bytes so_far, int fd)
{
    (void)owner;
    (void)so_far;
    ck_abort_msg("a socket relay has no output, but told of descriptor %d", fd);
}

static void log_line(struct log *log, const struct log_line *line)
{
    (void)log;
    size_t there = strlen(world.log);
    if (line->level >= LOG_LEVEL_WARNING) {
        keep(world.log + there, sizeof world.log - there, line->text);
    }
}

void world_make(int which, int64_t timeout)
{
    ck_assert_int_eq(world_make_for(which, timeout, NULL, NULL), 0);
}

int world_make_for(int which, int64_t timeout, const uid_t *user, struct error *error)
{
    static const struct relay_events events = {on_message, on_end, on_print};
    static struct log log = {.minimum = LOG_LEVEL_DEBUG, .write = log_line};
    char address[64] = "tcp://127.0.0.1:0";
    memset(&world, 0, sizeof world);
    world.loop = loop_new(NULL);
    if (which == OVER_UNIX) {
        snprintf(address, sizeof address, "unix:///tmp/coyote-relay-%d.sock", (int)getpid());
    }
    const struct relay_listener_settings settings = {world.loop,    &log,  "test",  address,
                                                     PROTOCOL_AUTO, LIMIT, timeout, user};
    int status = relay_listener_new(&settings, &world.listener, error);
    if (status == STATUS_OK) {
        ck_assert_int_eq(relay_socket_new(world.listener, &events, NULL, &world.relay, NULL), 0);
    }
    return status;
}

void world_free(void)
{
    if (world.relay != NULL) {
        relay_free(world.relay);
    }
    relay_listener_free(world.listener);
    if (world.worker > 0) {
        kill(world.worker, SIGKILL);
        waitpid(world.worker, NULL, 0);
    }
    loop_free(world.loop);
}

pid_t world_fork_worker(void)
{
    world.worker = fork();
    if (world.worker > 0) {
        ck_assert_int_eq(relay_open(world.relay, world.worker, NULL), 0);
        ck_assert_int_eq(relay_send_pid(world.relay, NULL), 0);
    }
    return world.worker;
}

int world_connect(void)
{
    struct relay_address address;
    ck_assert_int_eq(relay_address_parse(relay_child(world.relay).address, &address, NULL), 0);
    int fd = socket(address.socket.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(connect(fd, &address.socket.any, address.size), 0);
    return fd;
}

/* One that has been turned away already finds nobody: what the server does is what is looked at. */
static void say(int fd, struct buffer *frame)
{
    struct bytes bytes = buffer_unread(frame);
    ssize_t ignored = send(fd, bytes.data, bytes.size, MSG_NOSIGNAL);
    (void)ignored;
    buffer_free(frame);
}

void world_answer(int fd, pid_t pid)
{
    struct buffer frame = {0};
    char came[64];
    ssize_t got = recv(fd, came, GORIDGE3_HEADER, MSG_WAITALL);
    got = got == GORIDGE3_HEADER ? recv(fd, came, (size_t)came[2], MSG_WAITALL) : -1;
    if (got <= 0) {
        return; /* turned away without a word */
    }
    goridge3_append_pid(&frame, pid);
    say(fd, &frame);
}

void world_reply(int fd, const char *body)
{
    uint8_t header[GORIDGE3_HEADER_MAX];
    uint32_t none = 0;
    struct buffer frame = {0};
    size_t size = goridge3_header(header, 0, 0, &none, 1, (uint32_t)strlen(body));
    buffer_append(&frame, (struct bytes){header, size});
    buffer_append(&frame, bytes_of_text(body));
    say(fd, &frame);
}

size_t world_read_all(int fd)
{
    char came[4096];
    size_t all = 0;
    ssize_t got;
    while ((got = read(fd, came, sizeof came)) > 0) {
        all += (size_t)got;
    }
    close(fd);
    return all;
}

_Noreturn void world_be_worker(void)
{
    char came[64];
    int fd = world_connect();
    world_answer(fd, getpid());
    if (recv(fd, came, GORIDGE3_HEADER + 4 + 5, MSG_WAITALL) > 0) {
        world_reply(fd, "it is me");
    }
    world_read_all(fd);
    _exit(0);
}

void world_until(bool (*reached)(void))
{
    int64_t deadline = clock_after(20000);
    while (!reached()) {
        struct error error = {0};
        int status = loop_step(world.loop, deadline, &error);
        ck_assert_msg(status == STATUS_OK, "%s; the log: %s", error_text(&error), world.log);
    }
}

bool world_is_connected(void)
{
    return relay_connected(world.relay);
}

bool world_has_message(void)
{
    return world.messages > 0;
}

bool world_has_ended(void)
{
    return world.ends > 0;
}

bool world_has_logged(void)
{
    return world.log[0] != '\0';
}

void world_expect_service(void)
{
    struct payload payload = {{NULL, 0}, bytes_of_text("hello")};
    world_until(world_is_connected);
    ck_assert_int_eq(world.kind, RELAY_PID);
    world.messages = 0;
    ck_assert_int_eq(relay_send(world.relay, &payload, NULL), 0);
    world_until(world_has_message);
    ck_assert_int_eq(world.kind, RELAY_REPLY);
    ck_assert_str_eq(world.body, "it is me");
    ck_assert_uint_eq(relay_unwritten(world.relay), 0);
    ck_assert_int_eq(world.ends, 0);
}
