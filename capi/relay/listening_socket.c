#include "listening_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OWNER_ALONE = 0600, PERMISSIONS = 0777 }; /* musl has no ACCESSPERMS */

static bool is_unix(const struct relay_address *address)
{
    return address->socket.any.sa_family == AF_UNIX;
}

static int refuse(const struct relay_address *address, int failed, struct error *error)
{
    char *text = relay_address_text(address);
    int status =
        text == NULL ? error_memory(error) : error_system(error, failed, "listening on %s", text);
    free(text);
    return status;
}

static int new_socket(const struct relay_address *address, struct error *error)
{
    int fd = socket(address->socket.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        error_system(error, errno, "making a socket");
    }
    return fd;
}

/* --- a path that is taken --- */

/* 0: somebody listens; or the errno of a try to connect. */
static int knock(const struct relay_address *address)
{
    int fd = new_socket(address, NULL);
    int failed = fd < 0 ? errno : 0;
    if (fd >= 0 && connect(fd, &address->socket.any, address->size) != 0) {
        failed = errno == EAGAIN ? 0 : errno; /* its queue is full: it is alive indeed */
    }
    if (fd >= 0) {
        close(fd);
    }
    return failed;
}

/* What a server that was killed has left behind goes; nothing else does. */
static int make_way(const struct relay_address *address, struct error *error)
{
    const char *path = address->socket.local.sun_path;
    struct stat before;
    struct stat now;
    if (lstat(path, &before) != 0) {
        return errno == ENOENT ? STATUS_OK : refuse(address, errno, error);
    }
    if (!S_ISSOCK(before.st_mode)) {
        return error_set(error, STATUS_ECONFIG,
                         "%s is there and is no socket: take another path, or remove it", path);
    }
    int failed = knock(address);
    if (failed == 0) {
        return error_set(error, STATUS_ECONFIG,
                         "somebody listens on %s already: another server, or another pool of this "
                         "one; each needs a path of its own",
                         path);
    }
    if (failed != ECONNREFUSED && failed != ENOENT) {
        return refuse(address, failed, error);
    }
    bool same =
        lstat(path, &now) == 0 && now.st_ino == before.st_ino && now.st_dev == before.st_dev;
    if (same && unlink(path) != 0 && errno != ENOENT) {
        return error_system(error, errno, "removing %s, where nobody listens any more", path);
    }
    return STATUS_OK;
}

/* --- binding --- */

static int bind_unix(struct listening_socket *to, struct error *error)
{
    const char *path = to->address.socket.local.sun_path;
    /* Linux gives the file the mode of the socket, less the umask: there is no moment in which it
       is anybody's, and the umask, which all threads of a host share, stays as it is. */
    fchmod(to->fd, OWNER_ALONE);
    int failed = bind(to->fd, &to->address.socket.any, to->address.size) == 0 ? 0 : errno;
    if (failed == EADDRINUSE) {
        int status = make_way(&to->address, error);
        if (status != STATUS_OK) {
            return status;
        }
        failed = bind(to->fd, &to->address.socket.any, to->address.size) == 0 ? 0 : errno;
    }
    struct stat file = {0};
    if (failed != 0 || lstat(path, &file) != 0) {
        return refuse(&to->address, failed != 0 ? failed : errno, error);
    }
    to->device = file.st_dev;
    to->inode = file.st_ino;
    /* an umask that keeps even the owner out */
    if ((file.st_mode & PERMISSIONS) != OWNER_ALONE && chmod(path, OWNER_ALONE) != 0) {
        return refuse(&to->address, errno, error);
    }
    return STATUS_OK;
}

static int bind_tcp(struct listening_socket *to, struct error *error)
{
    static const int on = 1;
    socklen_t size = (socklen_t)sizeof to->address.socket;
    /* connections of a server that has just ended would hold the port for a minute */
    setsockopt(to->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(to->fd, &to->address.socket.any, to->address.size) != 0 ||
        getsockname(to->fd, &to->address.socket.any, &size) != 0) {
        return refuse(&to->address, errno, error);
    }
    return STATUS_OK;
}

int listening_socket_open(struct listening_socket *socket, const struct relay_address *address,
                          struct error *error)
{
    *socket = (struct listening_socket){.fd = new_socket(address, error), .address = *address};
    if (socket->fd < 0) {
        return STATUS_ESYSTEM;
    }
    int status = is_unix(address) ? bind_unix(socket, error) : bind_tcp(socket, error);
    if (status == STATUS_OK && listen(socket->fd, SOMAXCONN) != 0) {
        status = refuse(&socket->address, errno, error);
    }
    if (status != STATUS_OK) {
        listening_socket_remove(socket);
        listening_socket_close(socket);
    }
    return status;
}

/* By a descriptor, and only what was made here: in a folder where that user may write, the name could
   stand for something else by now. */
int listening_socket_give(const struct listening_socket *socket, uid_t user, struct error *error)
{
    const char *path = socket->address.socket.local.sun_path;
    if (!is_unix(&socket->address) || user == geteuid()) {
        return STATUS_OK;
    }
    struct stat file = {0};
    int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    int failed = fd < 0 || fstat(fd, &file) != 0 ? errno : 0;
    bool ours = failed == 0 && S_ISSOCK(file.st_mode) && file.st_uid == geteuid() &&
                file.st_nlink == 1 && file.st_ino == socket->inode && file.st_dev == socket->device;
    if (failed == 0 && !ours) {
        failed = EEXIST;
    }
    if (failed == 0 && fchownat(fd, "", user, (gid_t)-1, AT_EMPTY_PATH) != 0) {
        failed = errno;
    }
    if (fd >= 0) {
        close(fd);
    }
    return failed == 0
               ? STATUS_OK
               : error_system(error, failed,
                              "giving the socket %s to the user %u, which takes root or CAP_CHOWN",
                              path, (unsigned)user);
}

void listening_socket_remove(const struct listening_socket *socket)
{
    const char *path = socket->address.socket.local.sun_path;
    struct stat file;
    if (is_unix(&socket->address) && socket->inode != 0 && lstat(path, &file) == 0 &&
        file.st_ino == socket->inode && file.st_dev == socket->device) {
        unlink(path);
    }
}

void listening_socket_close(struct listening_socket *socket)
{
    if (socket->fd >= 0) {
        close(socket->fd);
    }
    socket->fd = -1;
}
