#include "attach_ends.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "relay/ends/relay_address.h"

static const char variable[] = "RR_RELAY";
static const char pipes_scheme[] = "pipes://";

enum { PIPES_PREFIX = sizeof pipes_scheme - 1 };

/* An address, and how messages call it. */
struct named_address {
    const char *text;
    const char *name;
};

static int refuse(const struct named_address *address, struct error *error)
{
    return error_set(error, STATUS_EINVAL,
                     "%s \"%s\" names no relay: expected \"pipes\", \"pipes://fd/3:fd/4\" (input, "
                     "then output), \"unix://path\" or \"tcp://host:port\"",
                     address->name, address->text);
}

/* --- descriptors that are here already --- */

/* "fd/3", or a stream's name; moves on behind it. -1: it is neither. */
static int descriptor_of(const char **text, const char *stream, int stream_fd)
{
    size_t length = strlen(stream);
    if (strncmp(*text, stream, length) == 0) {
        *text += length;
        return stream_fd;
    }
    if (strncmp(*text, "fd/", 3) != 0 || (*text)[3] < '0' || (*text)[3] > '9') {
        return -1;
    }
    int fd = 0;
    for (*text += 3; **text >= '0' && **text <= '9'; ++*text) {
        if (fd > (INT_MAX - 9) / 10) {
            return -1;
        }
        fd = fd * 10 + (**text - '0');
    }
    return fd;
}

static bool is_socket(int fd)
{
    struct stat file;
    return fstat(fd, &file) == 0 && S_ISSOCK(file.st_mode);
}

static int descriptor_check(const struct named_address *address, int fd, int wrong_mode,
                            const char *use, struct error *error)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) {
        return error_system(error, errno,
                            "%s is \"%s\", but descriptor %d is not open (was this process started "
                            "by the server itself?)",
                            address->name, address->text, fd);
    }
    if ((flags & O_ACCMODE) == wrong_mode) {
        return error_set(
            error, STATUS_EINVAL,
            "%s is \"%s\", but descriptor %d is not open for %s: the input comes first",
            address->name, address->text, fd, use);
    }
    return STATUS_OK;
}

/* What this process starts has no business in the channel. */
static void keep_from_children(int fd)
{
    if (fd > STDERR_FILENO) {
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
}

static int open_pipes(const struct named_address *address, struct attach_ends *ends,
                      struct error *error)
{
    const char *text = address->text + PIPES_PREFIX;
    int input = descriptor_of(&text, "stdin", STDIN_FILENO);
    bool good = input >= 0 && *text == ':';
    text += good;
    int output = good ? descriptor_of(&text, "stdout", STDOUT_FILENO) : -1;
    if (output < 0 || *text != '\0') {
        return refuse(address, error);
    }
    int status = descriptor_check(address, input, O_WRONLY, "reading", error);
    status = status != STATUS_OK ? status
                                 : descriptor_check(address, output, O_RDONLY, "writing", error);
    if (status != STATUS_OK) {
        return status;
    }
    keep_from_children(input);
    keep_from_children(output);
    *ends = (struct attach_ends){input, output, is_socket(input), is_socket(output), false};
    return STATUS_OK;
}

/* --- sockets --- */

static int connect_to(const struct named_address *address, const struct relay_address *to,
                      struct attach_ends *ends, struct error *error)
{
    static const int on = 1;
    int fd = socket(to->socket.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return error_system(error, errno, "making a socket");
    }
    if (connect(fd, &to->socket.any, to->size) != 0) {
        int failed = errno;
        close(fd);
        if (failed == EINTR) {
            return error_set(error, STATUS_EINTERRUPTED, "a signal came: call again");
        }
        return error_system(error, failed,
                            "%s is \"%s\", but nothing can be reached there (was this process "
                            "started by the server itself, and does that still run?)",
                            address->name, address->text);
    }
    if (to->socket.any.sa_family != AF_UNIX) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    *ends = (struct attach_ends){fd, fd, true, true, true};
    return STATUS_OK;
}

static int open_socket(const struct named_address *address, struct attach_ends *ends,
                       struct error *error)
{
    struct relay_address to;
    int status = relay_address_parse(address->text, &to, error);
    if (status == STATUS_ECONFIG) {
        error_prefix(error, "%s: ", address->name);
        if (error != NULL) {
            error->status = STATUS_EINVAL;
        }
        return STATUS_EINVAL;
    }
    if (status == STATUS_OK && to.socket.any.sa_family == AF_INET && to.socket.ipv4.sin_port == 0) {
        return error_set(error, STATUS_EINVAL, "%s is \"%s\", but nobody listens on port 0",
                         address->name, address->text);
    }
    return status != STATUS_OK ? status : connect_to(address, &to, ends, error);
}

/* --- which --- */

static int check_no_terminal(struct error *error)
{
    if (!isatty(STDIN_FILENO)) {
        return STATUS_OK;
    }
    return error_set(error, STATUS_EINVAL,
                     "this process is a worker, and no server has started it: %s is not set and "
                     "standard input is a terminal. Start the server instead: coyote serve",
                     variable);
}

int attach_ends_open(const char *text, struct attach_ends *ends, struct error *error)
{
    const char *environment = getenv(variable); // NOLINT(concurrency-mt-unsafe)
    struct named_address address = {text, "the address"};
    if (text == NULL && environment != NULL && environment[0] != '\0') {
        address = (struct named_address){environment, variable};
    } else if (text == NULL) {
        address.text = "pipes";
        if (check_no_terminal(error) != STATUS_OK) {
            return STATUS_EINVAL;
        }
    }
    if (strcmp(address.text, "pipes") == 0) {
        address.text = "pipes://stdin:stdout";
    }
    if (strncmp(address.text, pipes_scheme, PIPES_PREFIX) == 0) {
        return open_pipes(&address, ends, error);
    }
    if (strncmp(address.text, "unix://", 7) == 0 || strncmp(address.text, "tcp://", 6) == 0) {
        return open_socket(&address, ends, error);
    }
    return refuse(&address, error);
}

void attach_ends_close(struct attach_ends *ends)
{
    if (ends->own) {
        close(ends->read_fd);
    }
    ends->own = false;
}
