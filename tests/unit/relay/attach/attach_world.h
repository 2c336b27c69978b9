/* A relay's worker's end, and the test as the server at the other. */
#ifndef COYOTE_TESTS_UNIT_RELAY_ATTACH_ATTACH_WORLD_H
#define COYOTE_TESTS_UNIT_RELAY_ATTACH_ATTACH_WORLD_H

#include "base/buffer.h"
#include "relay/attach/attach.h"
#include "suite.h"

/* For loop tests: every way with either format. */
enum { LANES = 2, FORMATS = 2, WORLDS = LANES * FORMATS };

enum lane { LANE_PIPES, LANE_UNIX };

struct world {
    enum lane lane;
    bool v2;
    int to_worker; /* the server's ends; both the same over a socket */
    int from_worker;
    int worker_fds[2]; /* pipes: the worker's own, for the address */
    struct attach *attach;
};

/* index: 0 to WORLDS - 1. The handshake is not done yet. */
struct world world_open(int index);
/* With it. */
struct world world_greeted(int index);
void world_close(struct world *world);
/* The server goes away. */
void world_hang_up(struct world *world);

/* Frames of the world's format, as servers send them. */
void append_pid(const struct world *world, struct buffer *to);
void append_exec(const struct world *world, struct buffer *to, struct payload payload);
void append_stop(const struct world *world, struct buffer *to);

/* Writes and empties it. Less than a pipe holds. */
void world_give(const struct world *world, struct buffer *bytes);
void world_give_exec(const struct world *world, const char *context, const char *body);

/* Reads that many bytes; fails after ten seconds. */
void world_take(const struct world *world, void *to, size_t size);
/* Frames as workers send them. */
void world_expect_reply(const struct world *world, const char *context, const char *body);
void world_expect_hex(const struct world *world, const char *hex);
void world_expect_nothing(const struct world *world);

/* Receives a payload and compares it, the NULs behind it too. */
void world_expect_payload(const struct world *world, const char *context, const char *body);
/* Receives, without waiting, and expects a failure with this text in it. */
void world_expect_failure(const struct world *world, int status, const char *text);

struct payload payload_of_text(const char *context, const char *body);

#endif
