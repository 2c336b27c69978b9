/* Where all workers of a pool connect to. A connection becomes the relay of one worker by its
   handshake: the server says its pid, the answer is the worker's. Whoever else connects is turned
   away, with a warning in the log, and disturbs nobody:
     unix   the kernel says which process connected: it must be of the workers' user, and the worker, or of
            the worker's process group (a wrapper's child); the pid that it calls itself does not
            matter, as with pipes
     tcp    it must come from this host, and call itself by the pid of such a process
   Before the handshake at most 4 KiB are taken, and only for `timeout`; of more unfinished
   connections than there are workers to come and some to spare, the oldest goes. */
#ifndef COYOTE_RELAY_RELAY_LISTENER_H
#define COYOTE_RELAY_RELAY_LISTENER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "payload/protocol.h"

struct log;
struct loop;
struct relay_listener;

/* All borrowed; loop, log and service outlive the listener. */
struct relay_listener_settings {
    struct loop *loop;
    struct log *log;
    const char *service;
    const char *address;    /* see relay_address.h */
    enum protocol protocol; /* PROTOCOL_AUTO: v3, for the server speaks first */
    size_t limit;           /* of a message's size, both ways */
    int64_t timeout;        /* milliseconds, for a handshake */
    const uid_t *user;      /* whom workers run as, and a unix socket belongs to; NULL: as we do */
};

/* Listens. STATUS_ECONFIG, STATUS_ESYSTEM with a text that names workers.relay. */
int relay_listener_new(const struct relay_listener_settings *settings,
                       struct relay_listener **listener, struct error *error);

/* After its relays. Removes a unix socket's file; in the child of a fork it closes descriptors and
   frees memory, nothing more. NULL does nothing. */
void relay_listener_free(struct relay_listener *listener);

#endif
