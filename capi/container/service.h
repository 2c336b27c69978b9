/* A service: a named section of the config that the container brings up and down. */
#ifndef COYOTE_CONTAINER_SERVICE_H
#define COYOTE_CONTAINER_SERVICE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/log.h"
#include "config/config.h"
#include "container/environment.h"

struct container;
struct loop;
struct service;

/* What init is given. All of it outlives the service. */
struct service_context {
    struct container *container; /* to be told of the service's end, see container.h */
    struct loop *loop;
    struct log *log;
    struct config *config;
    struct environment *environment; /* shared by all services, in the order of their init */
};

struct service_class {
    /* Runs even where the section is missing (env); the others are disabled without asking them. */
    bool without_section;
    /* Checks the section and prepares, starts nothing. *enabled is true on entry. */
    int (*init)(struct service *service, const struct service_context *context, bool *enabled,
                struct error *error);
    /* Starts; does not block. Ends by container_service_ended, once. NULL: nothing to serve. */
    int (*serve)(struct service *service, struct error *error);
    /* Fresh workers for old ones, while serving; goes on by itself. NULL: it has none. */
    void (*reset)(struct service *service);
    /* Why it can't do its work at present; NULL: it can. A NULL function: it always can. Borrowed,
       until the next step. */
    const struct error *(*health)(const struct service *service);
    /* Drains and ends by container_service_ended. Comes at most once, and only after serve. */
    void (*stop)(struct service *service);
    /* As stop, at once; may follow stop. */
    void (*stop_now)(struct service *service);
    void (*free)(struct service *service);
};

/* The base of each service: the first member of its struct. */
struct service {
    const struct service_class *class;
    const char *name; /* the section's; the service owns it */
};

/* NULL: it is well; else the reason. */
static inline const struct error *container_service_health(const struct service *service)
{
    return service->class->health == NULL ? NULL : service->class->health(service);
}

#endif
