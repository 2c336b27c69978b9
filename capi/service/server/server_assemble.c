#include "server_assemble.h"

#include <unistd.h>

#include "server_config.h"
#include "server_log.h"
#include "service/env/env_service.h"

static int make_parts(struct server *server, struct error *error)
{
    server->config = config_new();
    server->registry = source_registry_new();
    struct environment *environment = environment_new(environ);
    if (server->config == NULL || server->registry == NULL || environment == NULL) {
        environment_free(environment);
        return error_memory(error);
    }
    server->container = container_new(server->config, &server->console.log, environment, error);
    return server->container == NULL ? error->status : STATUS_OK;
}

/* Goes on after a mistake in the config, so that all can be told; nothing else is survived. */
static bool collect(int status, struct error *one, struct error *all)
{
    if (status != STATUS_OK) {
        error_join(all, one);
        error_clear(one);
    }
    return status == STATUS_OK || status == STATUS_ECONFIG;
}

static int bring_up(struct server *server, const struct server_program *program,
                    const struct server_options *options, struct error *error)
{
    struct container *container = server->container;
    struct config *config = server->config;
    struct error one = {0};
    bool go_on =
        collect(server_log_configure(&server->console, options, config, &one), &one, error) &&
        collect(env_service_register(container, &one), &one, error) &&
        collect(
            event_services_register(container, config, server->registry, program->factory, &one),
            &one, error);
    if (go_on && program->check != NULL) {
        go_on = collect(program->check(program->data, container, config, &one), &one, error);
    }
    if (go_on) {
        collect(container_init(container, &one), &one, error);
    }
    error_clear(&one);
    return error->status;
}

int server_assemble(struct server *server, const struct server_program *program,
                    const struct server_options *options, struct error *error)
{
    *server = (struct server){0};
    server_log_init(&server->console, options);
    int status = make_parts(server, error);
    status = status != STATUS_OK
                 ? status
                 : server_config_read(server->config, options, &server->file, error);
    bool checkable = server->container != NULL && server_config_checkable(server->config, status);
    return checkable ? bring_up(server, program, options, error) : status;
}

void server_disassemble(struct server *server)
{
    container_free(server->container);
    source_registry_free(server->registry);
    config_free(server->config);
    log_console_free(&server->console);
}
