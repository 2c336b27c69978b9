#include "base/log_stream.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"

enum { PATIENCE = 1000 /* milliseconds */ };
#define IMPATIENCE (10 * CLOCK_SECOND)

/* A descriptor that is closed or broken counts as writable: the write says so. */
static bool wait_writable(struct log_stream *stream)
{
    struct pollfd wait = {.fd = stream->fd, .events = POLLOUT};
    if (poll(&wait, 1, 0) > 0) {
        return true;
    }
    if (clock_now() < stream->impatient_until) {
        return false;
    }
    /* a signal ends the wait: somebody may want the server to stop */
    if (poll(&wait, 1, PATIENCE) > 0) {
        return true;
    }
    stream->impatient_until = clock_now() + IMPATIENCE;
    return false;
}

bool log_stream_ready(struct log_stream *stream)
{
    bool ready = wait_writable(stream);
    stream->lost += ready ? 0 : 1;
    return ready;
}

/* A pipe that is writable takes so much without blocking, however it was opened. */
static struct bytes piece_of(const char *data, size_t left)
{
    return (struct bytes){data, left < PIPE_BUF ? left : PIPE_BUF};
}

void log_stream_write(struct log_stream *stream, struct bytes line)
{
    const char *data = stream->cut ? "\n" : line.data;
    size_t left = stream->cut ? 1 : line.size;
    bool first = true;
    while (left > 0) {
        if (!first && !wait_writable(stream)) {
            stream->cut = true;
            stream->lost++;
            return;
        }
        struct bytes piece = piece_of(data, left);
        ssize_t wrote = write(stream->fd, piece.data, piece.size);
        if (wrote < 0 && errno != EINTR && errno != EAGAIN) {
            return;
        }
        first = false;
        data += wrote > 0 ? wrote : 0;
        left -= wrote > 0 ? (size_t)wrote : 0;
        if (left == 0 && stream->cut) {
            stream->cut = false;
            data = line.data;
            left = line.size;
        }
    }
}
