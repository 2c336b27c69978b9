/* A socket that listens: made without harm to what others own, and removed with it. */
#ifndef COYOTE_RELAY_LISTENING_SOCKET_H
#define COYOTE_RELAY_LISTENING_SOCKET_H

#include <sys/types.h>

#include "relay/ends/relay_address.h"

struct listening_socket {
    int fd;                       /* does not block, closes itself at exec */
    struct relay_address address; /* with the port that it got */
    dev_t device;                 /* of a unix socket's file */
    ino_t inode;
};

/* The file of a unix socket has mode 0600 from the first moment. One that nobody listens on any more
   is replaced; a live one, or a file that is no socket, is an error that says so. After a failure
   there is nothing to close. */
int listening_socket_open(struct listening_socket *socket, const struct relay_address *address,
                          struct error *error);

/* Makes the file of a unix socket another user's, who alone can connect from then on; the mode stays. Of
   other sockets it does nothing. */
int listening_socket_give(const struct listening_socket *socket, uid_t user, struct error *error);

/* Removes the file, if it is still the one that was made. */
void listening_socket_remove(const struct listening_socket *socket);

/* Closes the descriptor and nothing more: the socket may be a parent's. */
void listening_socket_close(struct listening_socket *socket);

#endif
