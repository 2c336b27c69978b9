#include "probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

char probe_history[4096];

static void remember(const char *what, const struct service *service)
{
    size_t used = strlen(probe_history);
    snprintf(probe_history + used, sizeof probe_history - used, "%s%s %s", used == 0 ? "" : ", ",
             what, service->name);
}

static struct probe *probe_of(struct service *service)
{
    return container_of(service, struct probe, service);
}

static void end(struct probe *probe, bool failed)
{
    struct error error = {0};
    if (probe->ended) {
        return;
    }
    probe->ended = true;
    loop_task_stop(&probe->later);
    if (failed) {
        error_set(&error, STATUS_EWORKER, "%s broke", probe->service.name);
    }
    remember(failed ? "fails" : "ends", &probe->service);
    container_service_ended(probe->container, &probe->service, failed ? &error : NULL);
    error_clear(&error);
}

static void end_later(struct loop_task *task)
{
    struct probe *probe = container_of(task, struct probe, later);
    end(probe, probe->end == PROBE_FAILS_LATER || probe->fails_in_stop);
}

static int probe_init(struct service *service, const struct service_context *context, bool *enabled,
                      struct error *error)
{
    struct probe *probe = probe_of(service);
    remember("init", service);
    ck_assert(*enabled);
    probe->container = context->container;
    probe->loop = context->loop;
    *enabled = !probe->disables_itself;
    return probe->init_fails
               ? error_set(error, STATUS_ECONFIG, "%s is configured badly", service->name)
               : STATUS_OK;
}

static int probe_serve(struct service *service, struct error *error)
{
    struct probe *probe = probe_of(service);
    remember("serve", service);
    if (probe->serve_returns_error) {
        return error_set(error, STATUS_ESYSTEM, "%s can't start", service->name);
    }
    if (probe->end == PROBE_ENDS_IN_SERVE || probe->end == PROBE_FAILS_IN_SERVE) {
        end(probe, probe->end == PROBE_FAILS_IN_SERVE);
    } else if (probe->end != PROBE_STAYS) {
        loop_task_post(probe->loop, &probe->later);
    }
    return STATUS_OK;
}

static void probe_stop(struct service *service)
{
    struct probe *probe = probe_of(service);
    remember("stop", service);
    ck_assert(!probe->ended);
    if (probe->ends_late_after_stop) {
        loop_task_post(probe->loop, &probe->later);
    } else if (!probe->ignores_stop) {
        end(probe, probe->fails_in_stop);
    }
}

static void probe_stop_now(struct service *service)
{
    remember("stop_now", service);
    end(probe_of(service), false);
}

static void probe_free(struct service *service)
{
    struct probe *probe = probe_of(service);
    remember("free", service);
    loop_task_stop(&probe->later);
    free(probe);
}

static const struct service_class with_section = {
    .init = probe_init,
    .serve = probe_serve,
    .stop = probe_stop,
    .stop_now = probe_stop_now,
    .free = probe_free,
};

static const struct service_class without = {
    .without_section = true,
    .init = probe_init,
    .free = probe_free,
};

void probe_world_open(struct probe_world *world, const char *yaml)
{
    *world = (struct probe_world){0};
    probe_history[0] = '\0';
    log_queue_init(&world->log, LOG_LEVEL_INFO);
    world->config = config_new();
    ck_assert_int_eq(
        config_read_text(world->config, "test.yaml", yaml, strlen(yaml), &world->error), STATUS_OK);
    world->container =
        container_new(world->config, &world->log.log, environment_new(NULL), &world->error);
    ck_assert_ptr_nonnull(world->container);
}

void probe_world_close(struct probe_world *world)
{
    container_free(world->container);
    config_free(world->config);
    log_queue_free(&world->log);
    error_clear(&world->error);
}

struct probe *probe_add(struct probe_world *world, const char *name, bool without_section)
{
    struct probe *probe = calloc(1, sizeof *probe);
    probe->service =
        (struct service){.class = without_section ? &without : &with_section, .name = name};
    probe->later.run = end_later;
    int status = container_register(world->container, &probe->service, &world->error);
    return status == STATUS_OK ? probe : NULL;
}
