#include "host_world.h"

#include <stdio.h>
#include <string.h>

#include "suite.h"

struct host_world world;

void host_world_open(const char *yaml)
{
    world = (struct host_world){0};
    struct config *config = config_new();
    ck_assert_msg(config_read_text(config, "test.yaml", yaml, strlen(yaml), &world.error) ==
                      STATUS_OK,
                  "%s", error_text(&world.error));
    world.server = server_host_new(config, &world.error);
    ck_assert_ptr_nonnull(world.server);
    world.orders = server_host_register(world.server, "orders", &world.error);
    ck_assert_ptr_nonnull(world.orders);
}

void host_world_close(void)
{
    server_host_free(world.server);
    error_clear(&world.error);
    world.server = NULL;
}

void host_world_serve(size_t workers, size_t prefetch)
{
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             "orders: {workers: {" OBEDIENT ", pool: {num_workers: %zu, prefetch: %zu}}}", workers,
             prefetch);
    host_world_open(yaml);
    host_world_await(HOST_SOURCE_SERVING);
}

void host_world_await(enum host_source_state state)
{
    while (host_source_state(world.orders) != state) {
        int status = server_host_step(world.server, LONG, &world.error);
        ck_assert_msg(status == 1 || host_source_state(world.orders) == state, "%d %s", status,
                      error_text(&world.error));
    }
}

int host_world_run(void)
{
    int status = 1;
    while (status == 1) {
        status = server_host_step(world.server, LONG, &world.error);
    }
    return status;
}

int64_t host_world_push(const char *body)
{
    const struct payload payload = {.body = bytes_of_text(body)};
    return host_source_push(world.orders, &payload, &world.error);
}

pid_t host_world_expect(int64_t number, enum outcome outcome, const char *words)
{
    struct taken_reply *taken = NULL;
    int status = server_host_next(world.server, world.orders, LONG, &taken, &world.error);
    ck_assert_msg(status == STATUS_OK, "%s", error_text(&world.error));
    const struct reply *reply = &taken->reply;
    const char *said =
        reply->outcome == OUTCOME_OK ? reply->payload.body.data : reply->message.data;
    ck_assert_uint_eq(taken->id, (uint64_t)number);
    ck_assert_msg(reply->outcome == outcome, "%s: %s", outcome_name(reply->outcome), said);
    ck_assert_msg(strstr(said, words) != NULL, "%s", said);
    pid_t pid = reply->pid;
    taken_reply_free(taken);
    return pid;
}

bool host_world_logged(const char *words)
{
    bool found = false;
    const struct log_line *line = NULL;
    while ((line = server_host_log_next(world.server)) != NULL) {
        found = found || strstr(line->text.data, words) != NULL;
    }
    return found;
}
