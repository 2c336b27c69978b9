/* The listener from within: what lies between a connection and the relay that it becomes. */
#ifndef COYOTE_RELAY_LISTENER_PRIVATE_H
#define COYOTE_RELAY_LISTENER_PRIVATE_H

#include "base/list.h"
#include "channel.h"
#include "listening_socket.h"
#include "relay/relay_listener.h"
#include "socket_peer.h"

struct relay_listener {
    struct relay_listener_settings settings;
    struct listening_socket socket;
    char *address; /* as workers are told it */
    struct loop_watch watch;
    struct loop_timer rest; /* no descriptor is free: later */
    struct list waiting;    /* relay_socket, whose workers have not connected */
    struct list guests;     /* connections without a handshake, oldest first */
    struct list gone;       /* connections to be freed when nobody is in their functions */
    struct loop_task sweep;
    int64_t second; /* in which refusals are counted; those past WARNINGS are only counted */
    unsigned refusals;
};

/* One that was accepted: the listener's guest first, a relay's when it has shown whose it is. */
struct connection {
    struct channel channel;
    struct relay_listener *listener;
    struct list_node node; /* guests or gone; unused once it is a relay's */
    struct loop_timer timeout;
    struct socket_peer peer;
    struct relay_socket *relay; /* NULL: a guest */
};

/* A worker's relay. */
struct relay_socket {
    struct relay relay;
    struct relay_listener *listener;
    struct list_node node; /* in the listener's list of those that wait */
    bool waits;
    bool stop_wanted;              /* before there was a connection */
    pid_t pid;                     /* the worker's */
    struct connection *connection; /* NULL: there is none yet */
};

/* --- connection.c --- */
/* Takes the descriptor over and speaks first. Refuses strangers. */
void connection_new(struct relay_listener *listener, int fd);
/* In the log; then it is gone. */
void connection_turn_away(struct connection *connection, const char *reason);
/* Not from within its channel's calls. */
void connection_free(struct connection *connection);

/* --- relay_socket.c --- */
/* Whom a process belongs to; NULL: to none that waits. */
struct relay_socket *relay_socket_find(const struct relay_listener *listener, pid_t pid);
void relay_socket_adopt(struct relay_socket *socket, struct connection *connection,
                        const struct relay_message *pid);
/* What its worker sent was no handshake. */
void relay_socket_fail(struct relay_socket *socket, const struct error *reason);
void relay_socket_message(struct relay_socket *socket, const struct relay_message *message);
void relay_socket_ended(struct relay_socket *socket, bool lossy, const struct error *reason);

#endif
