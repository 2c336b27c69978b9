/* A listener, the relay of one awaited worker, and what both told. */
#ifndef COYOTE_TESTS_UNIT_RELAY_LISTENER_WORLD_H
#define COYOTE_TESTS_UNIT_RELAY_LISTENER_WORLD_H

#include <sys/types.h>

#include "loop/loop.h"
#include "relay/relay.h"
#include "relay/relay_listener.h"
#include "suite.h"

/* The relays that tests loop over. */
enum { OVER_UNIX, OVER_TCP, OVER_COUNT };

struct world {
    struct loop *loop;
    struct relay_listener *listener;
    struct relay *relay;
    pid_t worker; /* a child, 0: none */
    int messages;
    enum relay_message_kind kind;
    pid_t pid;
    char body[64];
    int ends;
    int status;
    char reason[512];
    char log[8192]; /* warnings */
};

extern struct world world;

/* The timeout of handshakes in milliseconds. */
void world_make(int which, int64_t timeout);
/* For workers of this user; the status of the listener. */
int world_make_for(int which, int64_t timeout, const uid_t *user, struct error *error);
void world_free(void);

/* A child that plays the worker, and is awaited: 0 is returned in it. */
pid_t world_fork_worker(void);

/* From any process: a connection that blocks. */
int world_connect(void);
/* Reads the server's frame and answers with this pid. */
void world_answer(int fd, pid_t pid);
void world_reply(int fd, const char *body);
/* Reads until the other side has closed; how many bytes came. */
size_t world_read_all(int fd);
/* A worker that is as it should be: handshake, one payload, one reply; then waits for the end. */
_Noreturn void world_be_worker(void);

/* Steps until it is so; fails after a while. */
void world_until(bool (*reached)(void));
bool world_is_connected(void);
bool world_has_message(void);
bool world_has_ended(void);
bool world_has_logged(void);

/* Whether the worker is served: handshake, payload, reply. */
void world_expect_service(void);

#endif
