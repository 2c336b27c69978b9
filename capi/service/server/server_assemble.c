#include "server_assemble.h"

#include <unistd.h>

#include "server_config.h"
#include "server_log.h"
#include "service/server/server_services.h"

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

static int bring_up(struct server *server, const struct server_program *program,
                    const struct server_options *options, struct error *error)
{
    const struct server_services services = {
        .container = server->container,
        .config = server->config,
        .registry = server->registry,
        .factory = program->factory,
        .check = program->check,
        .data = program->data,
    };
    struct error one = {0};
    int status = server_log_configure(&server->console, options, server->config, &one);
    if (server_services_collect(status, &one, error)) {
        server_services_init(&services, error);
    }
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
