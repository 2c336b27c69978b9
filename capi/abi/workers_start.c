#include "workers_start.h"

#include <stdlib.h>
#include <unistd.h>

#include "config/command_line.h"
#include "container/environment.h"
#include "service/env/env_section.h"
#include "service/event/workers_section.h"

/* This process's own variables, RR=true, and the settings' env on top. */
static struct environment *environment_of(const struct config *config, struct error *error)
{
    struct environment *environment = environment_new(environ);
    if (environment == NULL) {
        error_memory(error);
    } else if (environment_set(environment, "RR", "true", error) != STATUS_OK ||
               env_section_apply(config, "workers.env", environment, error) != STATUS_OK) {
        environment_free(environment);
        environment = NULL;
    }
    return environment;
}

static int start_with(struct abi_pool *pool, int64_t timeout, struct error *error)
{
    struct workers_section section;
    struct pool_settings settings = {.service = "pool", .prefetch = 1};
    workers_section_read(config_find(pool->config, "workers"), &section);
    workers_section_settings(&section, &settings);
    char **command = command_line_split(section.command, error);
    struct environment *environment = command == NULL ? NULL : environment_of(pool->config, error);
    int status = command == NULL || environment == NULL ? error->status : STATUS_OK;
    if (status == STATUS_OK) {
        settings.command = command;
        settings.environment = environment_lines(environment);
        status = pool_host_start(pool->host, &settings, timeout, error);
    }
    environment_free(environment);
    free(command);
    return status;
}

int workers_start(struct abi_pool *pool, int64_t timeout, struct error *error)
{
    if (pool->config == NULL) {
        return pool_host_start(pool->host, NULL, timeout, error);
    }
    int status = start_with(pool, timeout, error);
    /* one that failed at once can be mended and tried again */
    if (pool_host_begun(pool->host)) {
        config_free(pool->config);
        pool->config = NULL;
    }
    return status;
}
