/* A server that the test owns, with the source "orders" and real workers. */
#ifndef COYOTE_TESTS_UNIT_SERVICE_HOST_WORLD_H
#define COYOTE_TESTS_UNIT_SERVICE_HOST_WORLD_H

#include "service/host/server_host.h"

enum { LONG = 30000 }; /* ms: nothing takes so long */

#define OBEDIENT "command: '" PHP " " FIXTURES "/workers/obedient.php'"

struct host_world {
    struct server_host *server;
    struct host_source *orders;
    struct error error;
};

extern struct host_world world;

/* A server of that config in YAML, and the kind "orders". */
void host_world_open(const char *yaml);
void host_world_close(void);

/* One section "orders" with so many workers of a prefetch, that serves. */
void host_world_serve(size_t workers, size_t prefetch);

/* Steps until the source is in that state. */
void host_world_await(enum host_source_state state);

/* Steps to the end: what the last step says. */
int host_world_run(void);

int64_t host_world_push(const char *body);

/* The next outcome, which must be of that event and say that; its pid. */
pid_t host_world_expect(int64_t number, enum outcome outcome, const char *words);

/* Whether a log line has these words; takes all that are there. */
bool host_world_logged(const char *words);

#endif
