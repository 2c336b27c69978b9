#include "attach_world.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire/goridge2.h"
#include "wire/goridge3.h"

static void open_pipes(struct world *world)
{
    int in[2];
    int out[2];
    char address[64];
    ck_assert_int_eq(pipe(in), 0);
    ck_assert_int_eq(pipe(out), 0);
    world->to_worker = in[1];
    world->from_worker = out[0];
    world->worker_fds[0] = in[0];
    world->worker_fds[1] = out[1];
    snprintf(address, sizeof address, "pipes://fd/%d:fd/%d", in[0], out[1]);
    struct error error = {0};
    ck_assert_msg(attach_open(address, &world->attach, &error) == 0, "%s", error_text(&error));
}

static void open_unix(struct world *world)
{
    char address[128];
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    snprintf(name.sun_path, sizeof name.sun_path, "/tmp/coyote-attach-%d.sock", (int)getpid());
    snprintf(address, sizeof address, "unix://%s", name.sun_path);
    int listening = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(listening, (struct sockaddr *)&name, sizeof name), 0);
    ck_assert_int_eq(listen(listening, 1), 0);
    struct error error = {0};
    ck_assert_msg(attach_open(address, &world->attach, &error) == 0, "%s", error_text(&error));
    world->to_worker = accept(listening, NULL, NULL);
    world->from_worker = world->to_worker;
    ck_assert_int_ge(world->to_worker, 0);
    close(listening);
    unlink(name.sun_path);
}

struct world world_open(int index)
{
    struct world world = {
        .lane = (enum lane)(index % LANES), .v2 = index / LANES == 1, .worker_fds = {-1, -1}};
    world.lane == LANE_PIPES ? open_pipes(&world) : open_unix(&world);
    return world;
}

struct world world_greeted(int index)
{
    struct world world = world_open(index);
    struct buffer bytes = {0};
    char answer[64];
    append_pid(&world, &bytes);
    world_give(&world, &bytes);
    world_expect_failure(&world, STATUS_ETIMEOUT, "");
    int size = snprintf(answer, sizeof answer, "{\"pid\":%d}", (int)getpid());
    world_take(&world, answer, (size_t)size + (world.v2 ? GORIDGE2_HEADER : GORIDGE3_HEADER));
    buffer_free(&bytes);
    return world;
}

void world_hang_up(struct world *world)
{
    if (world->to_worker >= 0) {
        close(world->to_worker);
    }
    if (world->from_worker >= 0 && world->from_worker != world->to_worker) {
        close(world->from_worker);
    }
    world->to_worker = -1;
    world->from_worker = -1;
}

void world_close(struct world *world)
{
    world_hang_up(world);
    attach_free(world->attach);
    for (int i = 0; i < 2; i++) {
        if (world->worker_fds[i] >= 0) {
            ck_assert_int_eq(close(world->worker_fds[i]), 0); /* still open */
        }
    }
}

void append_pid(const struct world *world, struct buffer *to)
{
    ck_assert_int_eq(world->v2 ? goridge2_append_pid(to, 1234) : goridge3_append_pid(to, 1234), 0);
}

void append_stop(const struct world *world, struct buffer *to)
{
    ck_assert_int_eq(world->v2 ? goridge2_append_stop(to) : goridge3_append_stop(to), 0);
}

void append_exec(const struct world *world, struct buffer *to, struct payload payload)
{
    uint8_t context[GORIDGE2_HEADER];
    uint8_t header[GORIDGE3_HEADER_MAX];
    if (world->v2) {
        goridge2_payload_headers(context, header, &payload);
        buffer_append(to, (struct bytes){context, GORIDGE2_HEADER});
        buffer_append(to, payload.context);
        buffer_append(to, (struct bytes){header, GORIDGE2_HEADER});
    } else {
        size_t size = goridge3_payload_header(header, &payload);
        buffer_append(to, (struct bytes){header, size});
        buffer_append(to, payload.context);
    }
    ck_assert_int_eq(buffer_append(to, payload.body), 0);
}

void world_give(const struct world *world, struct buffer *bytes)
{
    struct bytes unread = buffer_unread(bytes);
    ck_assert_int_eq(write(world->to_worker, unread.data, unread.size), unread.size);
    buffer_reset(bytes);
}

struct payload payload_of_text(const char *context, const char *body)
{
    return (struct payload){bytes_of_text(context), bytes_of_text(body)};
}

void world_give_exec(const struct world *world, const char *context, const char *body)
{
    struct buffer bytes = {0};
    append_exec(world, &bytes, payload_of_text(context, body));
    world_give(world, &bytes);
    buffer_free(&bytes);
}

void world_take(const struct world *world, void *to, size_t size)
{
    char *at = to;
    while (size > 0) {
        struct pollfd readable = {.fd = world->from_worker, .events = POLLIN};
        ck_assert_int_eq(poll(&readable, 1, 10000), 1);
        ssize_t got = read(world->from_worker, at, size);
        ck_assert_int_gt(got, 0);
        at += got;
        size -= (size_t)got;
    }
}

void world_expect_hex(const struct world *world, const char *hex)
{
    for (; *hex != '\0'; hex += hex[2] == ' ' ? 3 : 2) {
        unsigned byte;
        unsigned char came;
        ck_assert_int_eq(sscanf(hex, "%2x", &byte), 1);
        world_take(world, &came, 1);
        ck_assert_uint_eq(came, byte);
    }
    world_expect_nothing(world);
}

void world_expect_nothing(const struct world *world)
{
    struct pollfd readable = {.fd = world->from_worker, .events = POLLIN};
    ck_assert_int_eq(poll(&readable, 1, 0), 0);
}

void world_expect_reply(const struct world *world, const char *context, const char *body)
{
    const struct payload payload = payload_of_text(context, body);
    struct buffer wanted = {0};
    uint8_t headers[2][GORIDGE3_HEADER_MAX];
    if (world->v2) {
        goridge2_reply_headers(headers[0], headers[1], &payload);
        buffer_append(&wanted, (struct bytes){headers[0], GORIDGE2_HEADER});
        buffer_append(&wanted, payload.context);
        buffer_append(&wanted, (struct bytes){headers[1], GORIDGE2_HEADER});
        buffer_append(&wanted, payload.body);
    } else {
        append_exec(world, &wanted, payload);
    }
    struct bytes bytes = buffer_unread(&wanted);
    char *came = malloc(bytes.size);
    world_take(world, came, bytes.size);
    ck_assert(bytes_equal(bytes, (struct bytes){came, bytes.size}));
    free(came);
    buffer_free(&wanted);
}

static void expect_bytes_and_nul(struct bytes bytes, const char *text)
{
    ck_assert_uint_eq(bytes.size, strlen(text));
    ck_assert_str_eq(bytes.data, text);
}

void world_expect_payload(const struct world *world, const char *context, const char *body)
{
    struct error error = {0};
    int status = attach_receive(world->attach, 10000, &error);
    ck_assert_msg(status == 1, "%d: %s", status, error_text(&error));
    expect_bytes_and_nul(attach_payload(world->attach)->context, context);
    expect_bytes_and_nul(attach_payload(world->attach)->body, body);
}

void world_expect_failure(const struct world *world, int status, const char *text)
{
    struct error error = {0};
    ck_assert_int_eq(attach_receive(world->attach, 0, &error), status);
    ck_assert_int_eq(error.status, status);
    ck_assert_msg(strstr(error_text(&error), text) != NULL, "\"%s\" is not in: %s", text,
                  error_text(&error));
    ck_assert_ptr_null(attach_payload(world->attach)->body.data);
    error_clear(&error);
}
