/* Where workers find a socket: "unix://path" or "tcp://host:port". */
#ifndef COYOTE_RELAY_ENDS_RELAY_ADDRESS_H
#define COYOTE_RELAY_ENDS_RELAY_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/un.h>

#include "base/error.h"

struct relay_address {
    socklen_t size;
    union {
        struct sockaddr any;
        struct sockaddr_un local;
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
    } socket;
};

/* "pipes", which is no socket. */
bool relay_address_is_pipes(const char *text);

/* Reads it; touches nothing but the working directory's name, by which a relative path becomes
   absolute. Hosts are numbers or "localhost" (127.0.0.1): no resolver is asked. Port 0 is any that
   is free. STATUS_ECONFIG with the reason. */
int relay_address_parse(const char *text, struct relay_address *address, struct error *error);

/* As a worker is told it, in RR_RELAY. The caller frees it; NULL when memory ran out. */
char *relay_address_text(const struct relay_address *address);

/* Whether both are of the same host: a connection from here to here. */
bool relay_address_same_host(const struct relay_address *left, const struct relay_address *right);

#endif
