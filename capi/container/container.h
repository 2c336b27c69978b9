/* All services of a server: registered, brought up in order, run, and brought down together. */
#ifndef COYOTE_CONTAINER_CONTAINER_H
#define COYOTE_CONTAINER_CONTAINER_H

#include "container/service.h"

/* Borrows the config and the log, takes the environment over, makes the loop. */
struct container *container_new(struct config *config, struct log *log,
                                struct environment *environment, struct error *error);
/* Ends what still runs at once. NULL does nothing. */
void container_free(struct container *container);

/* Takes the service over, also on failure. STATUS_EINVAL when the name is taken, STATUS_ESTATE
   after container_init. */
int container_register(struct container *container, struct service *service, struct error *error);

/* In the order of registration; NULL past the last one. Borrowed. */
const struct service *container_service(const struct container *container, size_t index);

/* Inits all in order, each once; the mistakes of all sections are in one error. */
int container_init(struct container *container, struct error *error);

/* A service that is enabled is not served. After init and before serve, STATUS_ESTATE else. */
int container_disable(struct container *container, const struct service *service,
                      struct error *error);

/* How many services are enabled and have something to serve. Valid after init. */
size_t container_enabled(const struct container *container);

/* Serves all enabled services in order. The first failure stops those that were started: step on
   until container_done, whatever this returns. Nothing is started after container_stop. */
int container_serve(struct container *container, struct error *error);

/* Whether services run that nobody has told to stop. */
bool container_serving(const struct container *container);

/* Whether every service has ended. */
bool container_done(const struct container *container);

/* Steps the loop until every service has ended. 0, or the status of the first failure. Failures of
   services (container_result) have been logged by then. */
int container_run(struct container *container, struct error *error);

/* What ended the container: 0 and an empty error, or the first failure. Valid when done. */
int container_result(const struct container *container, struct error *error);

/* Drains and stops all. Safe before serve, and twice. */
void container_stop(struct container *container);
void container_stop_now(struct container *container);

/* Fresh workers for all services that serve. */
void container_reset(struct container *container);

/* HUP resets, unless it was ignored before (nohup). INT and TERM: the first stops, a second one stops at once. `at_once` (may be NULL) runs in the
   handler itself, see loop/loop_signal.h. Again: puts the handlers back in place after something
   else (PHP's start) has taken the signals. */
int container_take_signals(struct container *container, void (*at_once)(int signal, unsigned count),
                           struct error *error);
/* Gives back the handlers that were there before. Harmless when none are taken. */
void container_release_signals(struct container *container);

/* Does now what a signal that has come asks for, and not within the next step. */
void container_hear_signals(struct container *container);

/* How many signals have come; the last one's number (0: none). */
unsigned container_signals(const struct container *container, int *last);

/* Changes with each signal that was taken, HUP too. */
unsigned container_heard(const struct container *container);

struct loop *container_loop(struct container *container);

/* For services. A NULL error: it ended well (it had no more to do, or was stopped). With one: it
   failed, which stops the whole container; the first failure is its result. May be called from
   anywhere in a step, also from within serve and stop. */
void container_service_ended(struct container *container, struct service *service,
                             const struct error *error);

#endif
