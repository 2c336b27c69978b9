#include "relay/ends/quiet_write.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

/* A SIGPIPE that was pending before is the host's: it stays. */
static bool pending_already(const sigset_t *before)
{
    sigset_t pending;
    return sigismember(before, SIGPIPE) == 1 && sigpending(&pending) == 0 &&
           sigismember(&pending, SIGPIPE) == 1;
}

ssize_t quiet_writev(int fd, const struct iovec *parts, int count)
{
    static const struct timespec at_once;
    sigset_t pipe_signal;
    sigset_t before;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    bool keep = pending_already(&before);
    ssize_t wrote = writev(fd, parts, count);
    int failed = errno;
    if (wrote < 0 && failed == EPIPE && !keep) {
        while (sigtimedwait(&pipe_signal, NULL, &at_once) < 0 && errno == EINTR) {
        }
    }
    if (sigismember(&before, SIGPIPE) != 1) {
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    errno = failed;
    return wrote;
}

ssize_t quiet_writev_pipe(int fd, const struct iovec *parts, int count)
{
    enum { PARTS_MOST = 8 };
    struct pollfd writable = {.fd = fd, .events = POLLOUT};
    struct iovec now[PARTS_MOST];
    size_t room = PIPE_BUF;
    int used = 0;
    for (; used < count && used < PARTS_MOST && room > 0; used++) {
        now[used] = parts[used];
        now[used].iov_len = parts[used].iov_len < room ? parts[used].iov_len : room;
        room -= now[used].iov_len;
    }
    int ready = poll(&writable, 1, 0);
    if (ready > 0) {
        return quiet_writev(fd, now, used);
    }
    errno = ready < 0 ? errno : EAGAIN;
    return -1;
}

ssize_t quiet_writev_socket(int fd, const struct iovec *parts, int count)
{
    /* its parts are not written to */
    struct msghdr message = {.msg_iov = (struct iovec *)(uintptr_t)parts};
    message.msg_iovlen = (__typeof__(message.msg_iovlen))count; /* size_t, or int with musl */
    return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}
