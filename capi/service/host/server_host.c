/* Its beginning and its end. */
#include "service/host/server_host.h"

#include <stdlib.h>
#include <unistd.h>

#include "server_host_state.h"
#include "service/event/event_service.h"
#include "service/server/server_log_section.h"
#include "service/server/server_services.h"

static bool make_parts(struct server_host *host, struct config *config, struct error *error)
{
    struct environment *environment = environment_new(environ);
    host->registry = source_registry_new();
    if (environment == NULL || host->registry == NULL) {
        environment_free(environment);
        error_memory(error);
        return false;
    }
    host->container = container_new(config, &host->log.log, environment, error);
    return host->container != NULL;
}

struct server_host *server_host_new(struct config *config, struct error *error)
{
    struct server_host *host = calloc(1, sizeof *host);
    if (host == NULL) {
        error_memory(error);
        return NULL;
    }
    list_init(&host->sources);
    log_queue_init(&host->log, LOG_LEVEL_INFO);
    if (!make_parts(host, config, error)) {
        server_host_free(host);
        return NULL;
    }
    host->config = config;
    return host;
}

void server_host_free(struct server_host *host)
{
    if (host == NULL) {
        return;
    }
    /* its services settle their last events by this, so the sources go after it */
    container_free(host->container);
    source_registry_free(host->registry);
    server_host_free_sources(host);
    config_free(host->config);
    log_queue_free(&host->log);
    error_clear(&host->failure);
    free(host);
}

int server_host_own(const struct server_host *host, struct error *error)
{
    if (loop_forked(container_loop(host->container))) {
        return error_set(
            error, STATUS_EFORKED,
            "the server belongs to the parent process: it serves nothing here; make a new one");
    }
    return STATUS_OK;
}

/* The format is the program's: it is checked all the same, so that one config does for all. */
static int read_log(struct server_host *host, struct error *error)
{
    const char *level = NULL;
    const char *format = NULL;
    int status = server_log_section_read(host->config, &level, &format, error);
    if (level != NULL) {
        log_level_parse(level, &host->log.log.minimum);
    }
    return status;
}

static int bring_up(struct server_host *host, struct error *error)
{
    const struct server_services services = {
        .container = host->container,
        .config = host->config,
        .registry = host->registry,
        .factory = event_pool_factory(),
    };
    struct error one = {0};
    int status = STATUS_OK;
    if (server_services_collect(read_log(host, &one), &one, error)) {
        server_services_init(&services, error);
    }
    status = error->status;
    return status != STATUS_OK ? status : server_host_bind(host, error);
}

int server_host_prepare(struct server_host *host, struct error *error)
{
    int status = server_host_open(host, error);
    if (status != STATUS_OK) {
        return status;
    }
    host->prepared = true;
    status = bring_up(host, &host->failure);
    if (status != STATUS_OK) {
        host->over = true;
        host->told = true;
        server_host_leave_sources(host, "the server could not be started");
        error_set(error, status, "%s", error_text(&host->failure));
    }
    server_host_look(host);
    return status;
}

const struct log_line *server_host_log_next(struct server_host *host)
{
    return log_queue_next(&host->log);
}
