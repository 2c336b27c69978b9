/* What tells a worker's PHP code whom it serves: every dispatcher's canServe asks for these. */
#ifndef COYOTE_SERVICE_EVENT_EVENT_ENVIRONMENT_H
#define COYOTE_SERVICE_EVENT_EVENT_ENVIRONMENT_H

#include "config/config.h"
#include "container/environment.h"
#include "source/source.h"

/* RR_MODE=<kind>, RR_<KIND>=true, RR_<SECTION>=true: 0, or a status. */
int event_environment_tell(struct environment *environment, const char *section, const char *kind,
                           struct error *error);

/* A copy of `shared` (the env service's, with RR=true) for this section alone, so that services
   side by side don't see each other's: what event_environment_tell sets, what the kind brings, and the
   section's workers.env on top. RR_RELAY is the pool's. The caller owns it. */
int event_environment_make(const struct environment *shared, const struct config *config,
                           const char *section, const struct source_kind *kind,
                           struct environment **made, struct error *error);

#endif
