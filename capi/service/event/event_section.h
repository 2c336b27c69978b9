/* The section of an event service: its source's own keys, `source` and `workers`. */
#ifndef COYOTE_SERVICE_EVENT_EVENT_SECTION_H
#define COYOTE_SERVICE_EVENT_EVENT_SECTION_H

#include <jansson.h>

#include "config/config.h"
#include "source/source.h"

/* The whole section's schema; the caller owns it. NULL on failure. */
json_t *event_section_schema(const struct source_kind *kind, struct error *error);

/* Checks the section `name` and puts its defaults in. */
int event_section_check(struct config *config, const char *name, const struct source_kind *kind,
                        struct error *error);

/* What the source opens: the checked section as JSON text, without the service's own keys. The
   caller frees it; NULL when memory ran out. */
char *event_section_source_text(const struct config *config, const char *name);

#endif
