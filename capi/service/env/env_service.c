#include "service/env/env_service.h"

#include <stdlib.h>

#include "config/schema.h"
#include "service/env/env_section.h"

static int env_init(struct service *service, const struct service_context *context, bool *enabled,
                    struct error *error)
{
    (void)enabled;
    int status = environment_set(context->environment, "RR", "true", error);
    if (status != STATUS_OK || config_find(context->config, service->name) == NULL) {
        return status;
    }
    json_t *schema = schema_parse(ENV_SECTION_SCHEMA, error);
    status = schema == NULL ? error->status
                            : config_check(context->config, service->name, schema, error);
    json_decref(schema);
    return status != STATUS_OK
               ? status
               : env_section_apply(context->config, service->name, context->environment, error);
}

static void env_free(struct service *service)
{
    free(service);
}

static const struct service_class env_class = {
    .without_section = true,
    .init = env_init,
    .free = env_free,
};

int env_service_register(struct container *container, struct error *error)
{
    struct service *service = calloc(1, sizeof *service);
    if (service == NULL) {
        return error_memory(error);
    }
    *service = (struct service){.class = &env_class, .name = "env"};
    return container_register(container, service, error);
}
