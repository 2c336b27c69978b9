#include "quiet_write.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
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
