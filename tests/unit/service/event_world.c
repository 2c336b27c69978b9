#include "event_world.h"

#include <stdio.h>
#include <string.h>

#include "service/env/env_service.h"
#include "suite.h"

static int make(void *data, const struct event_executor_request *request,
                const struct executor_events *events, void *owner, struct executor **executor,
                struct error *error)
{
    struct event_world *world = data;
    if (world->refuses != NULL && strcmp(world->refuses, request->service) == 0) {
        return error_set(error, STATUS_ECONFIG, "%s: it can't be run here", request->service);
    }
    ck_assert_uint_lt(world->made, EVENT_WORLD_SERVICES);
    struct hand_executor *hand = hand_executor_new(request->loop, world->capacity, events, owner);
    hand->start_fails = world->start_fails;
    char *mode = world->mode[world->made];
    char *const *line = environment_lines(request->environment);
    for (; *line != NULL; line++) {
        size_t used = strlen(mode);
        snprintf(mode + used, sizeof world->mode[0] - used, "%s%s", used == 0 ? "" : " ", *line);
    }
    ck_assert_ptr_nonnull(json_object_get(request->workers, "command"));
    world->executors[world->made++] = hand;
    *executor = &hand->executor;
    return STATUS_OK;
}

int event_world_open(struct event_world *world, const char *yaml)
{
    static char *const server[] = {"HOME=/here", NULL};
    *world = (struct event_world){.capacity = 1};
    script_reset();
    log_queue_init(&world->log, LOG_LEVEL_DEBUG);
    world->config = config_new();
    ck_assert_int_eq(
        config_read_text(world->config, "test.yaml", yaml, strlen(yaml), &world->error), STATUS_OK);
    world->registry = source_registry_new();
    ck_assert_int_eq(source_registry_add(world->registry, &script_source, NULL), STATUS_OK);
    world->container =
        container_new(world->config, &world->log.log, environment_new(server), &world->error);
    ck_assert_int_eq(env_service_register(world->container, &world->error), STATUS_OK);
    const struct event_executor_factory factory = {.make = make, .data = world};
    return event_services_register(world->container, world->config, world->registry, factory,
                                   &world->error);
}

void event_world_close(struct event_world *world)
{
    container_free(world->container);
    source_registry_free(world->registry);
    config_free(world->config);
    log_queue_free(&world->log);
    error_clear(&world->error);
}

struct hand_executor *event_world_serve(struct event_world *world, size_t capacity)
{
    ck_assert_int_eq(
        event_world_open(
            world, "script: {every: 2, workers: {command: php a.php, pool: {num_workers: 2}}}"),
        STATUS_OK);
    world->capacity = capacity;
    ck_assert_int_eq(container_init(world->container, &world->error), STATUS_OK);
    ck_assert_int_eq(container_serve(world->container, &world->error), STATUS_OK);
    return world->executors[0];
}

void event_world_settle_down(struct event_world *world)
{
    while (loop_step(container_loop(world->container), 0, NULL) == STATUS_OK) {
    }
}

const char *event_world_line(struct event_world *world, enum log_level level)
{
    const struct log_line *line = NULL;
    while ((line = log_queue_next(&world->log)) != NULL && line->level < level) {
    }
    return line == NULL ? "" : line->text.data;
}
