#include <stdio.h>

#include "server_assemble.h"
#include "server_commands.h"
#include "server_log.h"
#include "service/event/workers_section.h"

static void print_service(const struct server *server, const struct service *service)
{
    struct workers_section workers;
    const json_t *section = config_find(server->config, service->name);
    const char *source = json_string_value(json_object_get(section, "source"));
    workers_section_read(json_object_get(section, "workers"), &workers);
    printf("  %s: source %s, %zu worker%s, %s\n", service->name,
           source == NULL ? service->name : source, workers.num_workers,
           workers.num_workers == 1 ? "" : "s", workers.command);
}

static void print_services(const struct server *server)
{
    const struct service *service = NULL;
    size_t count = container_enabled(server->container);
    printf("%s is valid: %zu service%s:\n", server->file, count, count == 1 ? "" : "s");
    for (size_t i = 0; (service = container_service(server->container, i)) != NULL; i++) {
        if (event_service_is(service)) {
            print_service(server, service);
        }
    }
}

int server_check(const struct server_program *program, const struct server_options *options)
{
    struct server server;
    struct error error = {0};
    int status = server_assemble(&server, program, options, &error);
    if (status == STATUS_OK) {
        print_services(&server);
    } else {
        server_log_complain(&server.console, program->name, &error);
    }
    server_disassemble(&server);
    error_clear(&error);
    return status == STATUS_OK ? SERVER_EXIT_OK : SERVER_EXIT_FAILED;
}
