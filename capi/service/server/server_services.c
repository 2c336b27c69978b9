#include "service/server/server_services.h"

#include "service/env/env_service.h"

bool server_services_collect(int status, struct error *one, struct error *all)
{
    if (status != STATUS_OK) {
        error_join(all, one);
        error_clear(one);
    }
    return status == STATUS_OK || status == STATUS_ECONFIG;
}

int server_services_init(const struct server_services *services, struct error *error)
{
    struct container *container = services->container;
    struct config *config = services->config;
    struct error one = {0};
    bool go_on =
        server_services_collect(env_service_register(container, &one), &one, error) &&
        server_services_collect(
            event_services_register(container, config, services->registry, services->factory, &one),
            &one, error);
    if (go_on && services->check != NULL) {
        go_on = server_services_collect(services->check(services->data, container, config, &one),
                                        &one, error);
    }
    if (go_on) {
        server_services_collect(container_init(container, &one), &one, error);
    }
    error_clear(&one);
    return error->status;
}
