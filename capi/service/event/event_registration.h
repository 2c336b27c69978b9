/* Which sections of the config are event services. */
#ifndef COYOTE_SERVICE_EVENT_EVENT_REGISTRATION_H
#define COYOTE_SERVICE_EVENT_EVENT_REGISTRATION_H

#include "service/event/event_service.h"

/* A service for one section; the kind is borrowed. NULL when memory ran out. */
struct service *event_service_new(const char *name, const struct source_kind *kind,
                                  struct event_executor_factory factory);

#endif
