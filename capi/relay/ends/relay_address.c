#include "relay/ends/relay_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char unix_scheme[] = "unix://";
static const char tcp_scheme[] = "tcp://";

enum {
    UNIX_PREFIX = sizeof unix_scheme - 1,
    TCP_PREFIX = sizeof tcp_scheme - 1,
    PORT_MOST = 65535
};

bool relay_address_is_pipes(const char *text)
{
    /* RoadRunner takes both words */
    return strcmp(text, "pipes") == 0 || strcmp(text, "pipe") == 0;
}

/* --- unix --- */

/* The caller frees it. */
static char *absolute(const char *path)
{
    char *whole = NULL;
    char *here = path[0] == '/' ? strdup("") : getcwd(NULL, 0);
    int size = here == NULL ? -1 : asprintf(&whole, path[0] == '/' ? "%s%s" : "%s/%s", here, path);
    free(here);
    return size < 0 ? NULL : whole;
}

static int unix_check(const char *path, struct error *error)
{
    const size_t most = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1;
    if (strlen(path) > most) {
        return error_set(
            error, STATUS_ECONFIG,
            "the path of a socket has at most %zu bytes, %s has %zu: take a shorter one", most,
            path, strlen(path));
    }
    if (strchr(path, ':') != NULL) {
        return error_set(error, STATUS_ECONFIG,
                         "%s has a colon in it, where workers would cut the path off", path);
    }
    if (path[strlen(path) - 1] == '/') {
        return error_set(error, STATUS_ECONFIG, "%s is a folder's name; a socket is a file", path);
    }
    return STATUS_OK;
}

static int unix_parse(const char *path, struct relay_address *address, struct error *error)
{
    if (path[0] == '\0') {
        return error_set(error, STATUS_ECONFIG,
                         "unix:// needs a path behind it, such as unix:///run/app.sock");
    }
    char *whole = absolute(path);
    if (whole == NULL) {
        return errno == ENOMEM ? error_memory(error)
                               : error_system(error, errno, "finding the working directory");
    }
    int status = unix_check(whole, error);
    if (status == STATUS_OK) {
        address->socket.local.sun_family = AF_UNIX;
        strcpy(address->socket.local.sun_path, whole); /* NOLINT: it fits, see unix_check */
        address->size = (socklen_t)sizeof address->socket.local;
    }
    free(whole);
    return status;
}

/* --- tcp --- */

static int tcp_refuse(const char *text, struct error *error)
{
    return error_set(
        error, STATUS_ECONFIG,
        "%s is no address of a socket: it must be tcp://host:port, where the host is a "
        "number (127.0.0.1, [::1]) or localhost",
        text);
}

/* -1: it is none. */
static int port_of(const char *text)
{
    int port = 0;
    if (text[0] == '\0') {
        return -1;
    }
    for (; *text >= '0' && *text <= '9' && port <= PORT_MOST; text++) {
        port = port * 10 + (*text - '0');
    }
    return *text == '\0' && port <= PORT_MOST ? port : -1;
}

static bool host_of(const char *host, bool bracketed, in_port_t port, struct relay_address *address)
{
    if (bracketed) {
        address->size = (socklen_t)sizeof address->socket.ipv6;
        address->socket.ipv6.sin6_family = AF_INET6;
        address->socket.ipv6.sin6_port = port;
        return inet_pton(AF_INET6, host, &address->socket.ipv6.sin6_addr) == 1;
    }
    address->size = (socklen_t)sizeof address->socket.ipv4;
    address->socket.ipv4.sin_family = AF_INET;
    address->socket.ipv4.sin_port = port;
    /* workers of RoadRunner speak IPv4 alone, whatever /etc/hosts says */
    return inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host,
                     &address->socket.ipv4.sin_addr) == 1;
}

static int tcp_parse(const char *text, struct relay_address *address, struct error *error)
{
    char *host = strdup(text + TCP_PREFIX);
    if (host == NULL) {
        return error_memory(error);
    }
    char *colon = strrchr(host, ':');
    bool bracketed = colon != NULL && colon > host && host[0] == '[' && colon[-1] == ']';
    int port = colon == NULL ? -1 : port_of(colon + 1);
    bool good = port >= 0;
    if (good) {
        colon[bracketed ? -1 : 0] = '\0';
        good = host_of(host + (bracketed ? 1 : 0), bracketed, htons((in_port_t)port), address);
    }
    free(host);
    return good ? STATUS_OK : tcp_refuse(text, error);
}

/* --- both --- */

int relay_address_parse(const char *text, struct relay_address *address, struct error *error)
{
    *address = (struct relay_address){0};
    if (strncmp(text, unix_scheme, UNIX_PREFIX) == 0) {
        return unix_parse(text + UNIX_PREFIX, address, error);
    }
    if (strncmp(text, tcp_scheme, TCP_PREFIX) == 0) {
        return tcp_parse(text, address, error);
    }
    return error_set(error, STATUS_ECONFIG,
                     "expected \"pipes\", \"unix://path\" or \"tcp://host:port\", got \"%s\"",
                     text);
}

char *relay_address_text(const struct relay_address *address)
{
    char host[INET6_ADDRSTRLEN] = "";
    char *text = NULL;
    int size;
    switch (address->socket.any.sa_family) {
    case AF_INET:
        inet_ntop(AF_INET, &address->socket.ipv4.sin_addr, host, sizeof host);
        size = asprintf(&text, "tcp://%s:%d", host, ntohs(address->socket.ipv4.sin_port));
        break;
    case AF_INET6:
        inet_ntop(AF_INET6, &address->socket.ipv6.sin6_addr, host, sizeof host);
        size = asprintf(&text, "tcp://[%s]:%d", host, ntohs(address->socket.ipv6.sin6_port));
        break;
    default:
        size = asprintf(&text, "unix://%s", address->socket.local.sun_path);
        break;
    }
    return size < 0 ? NULL : text;
}

bool relay_address_same_host(const struct relay_address *left, const struct relay_address *right)
{
    if (left->socket.any.sa_family != right->socket.any.sa_family) {
        return false;
    }
    if (left->socket.any.sa_family == AF_INET6) {
        return memcmp(&left->socket.ipv6.sin6_addr, &right->socket.ipv6.sin6_addr,
                      sizeof left->socket.ipv6.sin6_addr) == 0;
    }
    return left->socket.ipv4.sin_addr.s_addr == right->socket.ipv4.sin_addr.s_addr;
}
