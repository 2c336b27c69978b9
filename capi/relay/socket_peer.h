/* Who has connected. */
#ifndef COYOTE_RELAY_SOCKET_PEER_H
#define COYOTE_RELAY_SOCKET_PEER_H

#include <sys/types.h>

#include "base/error.h"

struct socket_peer {
    pid_t pid;  /* as the kernel says; 0: it does not, over tcp */
    char *name; /* "pid 123", "127.0.0.1:45678"; owned */
};

/* STATUS_EINVAL when it may not be talked to, with the reason: it is not of `user`, where the kernel tells
   (unix), or of another machine. The name is set, if there was memory for it, in any case. */
int socket_peer_of(int fd, uid_t user, struct socket_peer *peer, struct error *error);

#endif
