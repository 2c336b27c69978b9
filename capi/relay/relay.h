/* How bytes reach a worker and come back, in messages. The server's end; attach/ is the
   worker's. A relay belongs to one worker and is thrown away with it. */
#ifndef COYOTE_RELAY_RELAY_H
#define COYOTE_RELAY_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "payload/payload.h"
#include "payload/protocol.h"

struct loop;
struct relay;
struct relay_listener;

enum relay_message_kind {
    RELAY_PID,   /* the answer to the handshake */
    RELAY_REPLY, /* the answer to the oldest payload that has none yet */
    RELAY_ERROR, /* likewise, but an error; its text is the body */
    RELAY_STOP   /* the worker asks to be stopped */
};

/* Borrowed: valid during the call. */
struct relay_message {
    enum relay_message_kind kind;
    struct payload payload;
    pid_t pid;
};

/* Called from a step of the loop and from relay_drain. They may call relay_close, not relay_free.
 */
struct relay_events {
    void (*message)(void *owner, const struct relay_message *message);
    /* Nothing comes any more, or nothing can be sent any more: the worker has closed its end
       (status 0; with a text when that was amid a frame), or it said nonsense, with the reason. */
    void (*ended)(void *owner, const struct error *reason);
    /* The worker's standard output is no channel after all: what has come of it, and the descriptor
       to read the rest from, which is the owner's from now on. */
    void (*printed)(void *owner, struct bytes so_far, int fd);
};

/* What a launcher puts into the new process; all borrowed from the relay. */
struct relay_child {
    int input;      /* becomes descriptor 0; -1: not the relay's */
    int output;     /* becomes descriptor 1; -1: not the relay's */
    const int *fds; /* become descriptors 3, 4, ... */
    size_t fd_count;
    const char *address; /* the value of RR_RELAY */
};

struct relay_class {
    struct relay_child (*child)(struct relay *relay);
    int (*open)(struct relay *relay, pid_t pid, struct error *error);
    int (*send_pid)(struct relay *relay, struct error *error);
    int (*check)(const struct relay *relay, const struct payload *payload, struct error *error);
    int (*send)(struct relay *relay, const struct payload *payload, struct error *error);
    int (*send_stop)(struct relay *relay, struct error *error);
    size_t (*unwritten)(const struct relay *relay);
    bool (*half_written)(const struct relay *relay);
    bool (*connected)(const struct relay *relay);
    void (*drain)(struct relay *relay);
    void (*close)(struct relay *relay);
    void (*free)(struct relay *relay);
};

/* The base of each relay: the first member of its struct. */
struct relay {
    const struct relay_class *class;
    const struct relay_events *events;
    void *owner;
    bool lossy; /* ended in a way that may have cost the last of what the worker sent */
};

struct relay_settings {
    struct loop *loop;
    enum protocol protocol;
    size_t limit; /* of a message's size, both ways */
};

/* Pipes. PHP reads them without a time-out; a socket would be subject to default_socket_timeout. */
int relay_pipes_new(const struct relay_settings *settings, const struct relay_events *events,
                    void *owner, struct relay **relay, struct error *error);

/* A socket that the worker connects to, at the listener's address. The listener outlives it. */
int relay_socket_new(struct relay_listener *listener, const struct relay_events *events,
                     void *owner, struct relay **relay, struct error *error);

static inline struct relay_child relay_child(struct relay *relay)
{
    return relay->class->child(relay);
}

/* After the launch of process `pid`: closes the child's ends and begins to read, or to wait for the
   process to connect. */
static inline int relay_open(struct relay *relay, pid_t pid, struct error *error)
{
    return relay->class->open(relay, pid, error);
}

/* The handshake: the server speaks first. */
static inline int relay_send_pid(struct relay *relay, struct error *error)
{
    return relay->class->send_pid(relay, error);
}

/* Once the handshake is answered: whether the worker's protocol can carry the payload. 0, or
   STATUS_EINVAL with the reason. */
static inline int relay_check(const struct relay *relay, const struct payload *payload,
                              struct error *error)
{
    return relay->class->check(relay, payload, error);
}

/* The payload's bytes stay borrowed until its answer has come or the relay is closed. What the
   pipe does not take now is written when it has room. */
static inline int relay_send(struct relay *relay, const struct payload *payload,
                             struct error *error)
{
    return relay->class->send(relay, payload, error);
}

static inline int relay_send_stop(struct relay *relay, struct error *error)
{
    return relay->class->send_stop(relay, error);
}

/* How many of the payloads that were sent have not wholly left this process. */
static inline size_t relay_unwritten(const struct relay *relay)
{
    return relay->class->unwritten(relay);
}

/* Whether one of these has left in part. */
static inline bool relay_half_written(const struct relay *relay)
{
    return relay->class->half_written(relay);
}

/* Whether the worker has made the connection; always, where it is born with one. */
static inline bool relay_connected(const struct relay *relay)
{
    return relay->class->connected(relay);
}

/* Reads what a dead worker has left behind, and no more: a grandchild may hold the pipe open, and
   even write into it. */
static inline void relay_drain(struct relay *relay)
{
    relay->class->drain(relay);
}

/* Stops reading and writing; nothing is told any more. */
static inline void relay_close(struct relay *relay)
{
    relay->class->close(relay);
}

static inline void relay_free(struct relay *relay)
{
    if (relay != NULL) {
        relay->class->free(relay);
    }
}

#endif
