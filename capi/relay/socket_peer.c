#include "socket_peer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "relay/ends/relay_address.h"

static int name_it(struct socket_peer *peer, char *name, int size, struct error *error)
{
    peer->name = size < 0 ? NULL : name;
    return peer->name == NULL ? error_memory(error) : STATUS_OK;
}

static int unix_peer(int fd, uid_t user, struct socket_peer *peer, struct error *error)
{
    struct ucred who = {0};
    socklen_t size = sizeof who;
    char *name = NULL;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) {
        return error_system(error, errno, "asking who has connected");
    }
    peer->pid = who.pid;
    int printed = asprintf(&name, "pid %d", (int)who.pid);
    if (name_it(peer, name, printed, error) != STATUS_OK) {
        return STATUS_EMEMORY;
    }
    if (who.uid != user) {
        return error_set(error, STATUS_EINVAL, "it is of another user, uid %u", who.uid);
    }
    return who.pid > 0 ? STATUS_OK
                       : error_set(error, STATUS_EINVAL, "it is of an outer pid namespace");
}

static int tcp_peer(int fd, struct socket_peer *peer, struct error *error)
{
    struct relay_address here = {.size = (socklen_t)sizeof here.socket};
    struct relay_address there = {.size = (socklen_t)sizeof there.socket};
    if (getsockname(fd, &here.socket.any, &here.size) != 0 ||
        getpeername(fd, &there.socket.any, &there.size) != 0) {
        return error_system(error, errno, "asking who has connected");
    }
    char *name = relay_address_text(&there);
    if (name_it(peer, name, name == NULL ? -1 : 0, error) != STATUS_OK) {
        return STATUS_EMEMORY;
    }
    /* who connects to an address of this machine from this machine has that address as well */
    return relay_address_same_host(&here, &there)
               ? STATUS_OK
               : error_set(error, STATUS_EINVAL, "it is on another machine, workers are not");
}

int socket_peer_of(int fd, uid_t user, struct socket_peer *peer, struct error *error)
{
    int domain = 0;
    socklen_t size = sizeof domain;
    *peer = (struct socket_peer){0};
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0) {
        return error_system(error, errno, "asking who has connected");
    }
    return domain == AF_UNIX ? unix_peer(fd, user, peer, error) : tcp_peer(fd, peer, error);
}
