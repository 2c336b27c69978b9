#include "workers_start.h"

#include <stdlib.h>
#include <unistd.h>

#include "config/command_line.h"
#include "container/environment.h"
#include "service/env/env_section.h"
#include "service/event/event_environment.h"
#include "service/event/workers_section.h"

static int apply_settings(const struct pool_section *section, struct environment *environment,
                          struct error *error)
{
    int status = env_section_apply(section->config, "env", environment, error);
    if (status == STATUS_OK && section->name != NULL) {
        status = event_environment_tell(environment, section->name, section->kind, error);
    }
    return status != STATUS_OK
               ? status
               : env_section_apply(section->config, "workers.env", environment, error);
}

/* This process's own variables and RR=true; of a config its env, and what tells workers whom they
   serve; the settings' env on top. */
static struct environment *environment_of(const struct pool_section *section, struct error *error)
{
    struct environment *environment = environment_new(environ);
    if (environment == NULL) {
        error_memory(error);
    } else if (environment_set(environment, "RR", "true", error) != STATUS_OK ||
               apply_settings(section, environment, error) != STATUS_OK) {
        environment_free(environment);
        environment = NULL;
    }
    return environment;
}

static int start_with(struct abi_pool *pool, int64_t timeout, struct error *error)
{
    const struct pool_section *section = &pool->section;
    struct workers_section workers;
    struct pool_settings settings = {.service = section->name == NULL ? "pool" : section->name,
                                     .prefetch = 1};
    workers_section_read(config_find(section->config, "workers"), &workers);
    workers_section_settings(&workers, &settings);
    char **command = command_line_split(workers.command, error);
    struct environment *environment = command == NULL ? NULL : environment_of(section, error);
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
    if (pool->section.config == NULL) {
        return pool_host_start(pool->host, NULL, timeout, error);
    }
    int status = start_with(pool, timeout, error);
    /* one that failed at once can be mended and tried again */
    if (pool_host_begun(pool->host)) {
        pool_section_clear(&pool->section);
    }
    return status;
}
