/* What the relays of all a pool's workers share, for the pool to own. */
#ifndef COYOTE_WORKER_WORKER_RELAY_H
#define COYOTE_WORKER_WORKER_RELAY_H

#include <stdbool.h>

#include "base/error.h"
#include "worker/worker.h"

/* Whether it is "pipes": then there is nothing to own. */
bool worker_relay_is_pipes(const char *address);

/* 0 for "pipes", "unix://path", "tcp://host:port"; STATUS_ECONFIG with the reason. Looks at the text
   alone. */
int worker_relay_check(const char *address, struct error *error);

/* Sets settings->listener, the other settings being set: listens at the address, or NULL for pipes.
   The error names workers.relay. */
int worker_relay_open(struct worker_settings *settings, const char *address, struct error *error);

/* After the last worker is freed. Again, it does nothing. */
void worker_relay_close(struct worker_settings *settings);

#endif
