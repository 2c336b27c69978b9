/* The control socket between a launcher and its zygote, the process that forks workers: a
   SOCK_SEQPACKET pair, one message a packet, descriptors along with it (SCM_RIGHTS, unix(7)). */
#ifndef COYOTE_WORKER_ZYGOTE_ZYGOTE_MESSAGE_H
#define COYOTE_WORKER_ZYGOTE_ZYGOTE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
    ZYGOTE_VERSION = 1,
    ZYGOTE_SOCKET = 3,   /* the zygote's end, when it starts */
    ZYGOTE_FD_FIRST = 3, /* the relay's descriptors in a worker are this one and those after it */
    ZYGOTE_FDS_MOST = 8, /* of one message */
};

enum zygote_message_kind {
    /* To the zygote. */
    ZYGOTE_FORK =
        1,         /* id; descriptors: standard input (if has_input), output, errors, the relay's */
    ZYGOTE_RETIRE, /* forks no more; ends when its last worker has */

    /* From the zygote. */
    ZYGOTE_READY,      /* PHP has started and the bootstrap has run; before, nothing is forked */
    ZYGOTE_FORKED,     /* id, pid; a descriptor: the pidfd, unless pidfds are refused */
    ZYGOTE_NOT_FORKED, /* id, failure */
    ZYGOTE_EXITED,     /* id, pid, status or signal, core, peak_memory: it is reaped */
};

/* Both ends may be of different builds: the layout is that of ZYGOTE_VERSION, and fixed. */
struct zygote_message {
    uint32_t version;
    uint32_t kind;
    uint64_t id;          /* of a worker; the launcher's, never twice */
    uint64_t peak_memory; /* bytes; 0: not known */
    int32_t pid;
    int32_t status;  /* of the exit; -1: a signal ended it */
    int32_t signal;  /* 0: it exited */
    int32_t core;    /* 1: dumped */
    int32_t failure; /* an errno value */
    int32_t has_input;
};

/* What came; the descriptors are the receiver's, close-on-exec. */
struct zygote_parcel {
    struct zygote_message message;
    int fds[ZYGOTE_FDS_MOST];
    size_t fd_count;
};

/* 0; STATUS_ETIMEOUT: the socket has no room now (a socket that does not block); STATUS_ESYSTEM: the
   other end is gone. Raises no SIGPIPE. version is set. */
int zygote_message_send(int socket, const struct zygote_message *message, const int *fds,
                        size_t fd_count, struct error *error);

/* 1: *parcel is filled; 0: the other end is closed; STATUS_ETIMEOUT: nothing is there (a socket that
   does not block); STATUS_EPROTOCOL: it is no such message, or of another version; STATUS_ESYSTEM. */
int zygote_message_receive(int socket, struct zygote_parcel *parcel, struct error *error);

#endif
