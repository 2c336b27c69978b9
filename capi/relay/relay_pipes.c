#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "channel.h"

struct relay_pipes {
    struct relay relay;
    int child_fds[2]; /* what the worker reads, what it writes */
    struct channel channel;
};

static struct relay_pipes *pipes_of(struct relay *relay)
{
    return container_of(relay, struct relay_pipes, relay);
}

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

static void channel_message(struct channel *channel, const struct relay_message *message)
{
    struct relay *relay = &container_of(channel, struct relay_pipes, channel)->relay;
    relay->events->message(relay->owner, message);
}

static void channel_ended(struct channel *channel, const struct error *reason)
{
    struct relay *relay = &container_of(channel, struct relay_pipes, channel)->relay;
    relay->events->ended(relay->owner, reason);
}

static const struct channel_events channel_events = {channel_message, channel_ended};

static struct relay_child pipes_child(struct relay *relay)
{
    return (struct relay_child){pipes_of(relay)->child_fds, 2, "pipes://fd/3:fd/4"};
}

static int pipes_open(struct relay *relay, struct error *error)
{
    struct relay_pipes *pipes = pipes_of(relay);
    close_fd(&pipes->child_fds[0]);
    close_fd(&pipes->child_fds[1]);
    return channel_open(&pipes->channel, error);
}

static int pipes_send_pid(struct relay *relay, struct error *error)
{
    return channel_send_pid(&pipes_of(relay)->channel, error);
}

static int pipes_send(struct relay *relay, const struct payload *payload, struct error *error)
{
    return channel_send(&pipes_of(relay)->channel, payload, error);
}

static int pipes_send_stop(struct relay *relay, struct error *error)
{
    return channel_send_stop(&pipes_of(relay)->channel, error);
}

static size_t pipes_unwritten(const struct relay *relay)
{
    return container_of(relay, const struct relay_pipes, relay)->channel.writer.execs;
}

static void pipes_drain(struct relay *relay)
{
    channel_drain(&pipes_of(relay)->channel);
}

static void pipes_close(struct relay *relay)
{
    channel_close(&pipes_of(relay)->channel);
}

static void pipes_free(struct relay *relay)
{
    struct relay_pipes *pipes = pipes_of(relay);
    channel_free(&pipes->channel);
    close_fd(&pipes->child_fds[0]);
    close_fd(&pipes->child_fds[1]);
    free(pipes);
}

static const struct relay_class pipes_class = {
    .child = pipes_child,
    .open = pipes_open,
    .send_pid = pipes_send_pid,
    .send = pipes_send,
    .send_stop = pipes_send_stop,
    .unwritten = pipes_unwritten,
    .drain = pipes_drain,
    .close = pipes_close,
    .free = pipes_free,
};

/* Our ends do not block; the worker's do, as PHP expects. */
static int make_pipe(int *ours, int our_end, int *theirs, struct error *error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return error_system(error, errno, "making a worker's pipes");
    }
    *ours = ends[our_end];
    *theirs = ends[1 - our_end];
    int flags = fcntl(*ours, F_GETFL);
    if (flags < 0 || fcntl(*ours, F_SETFL, flags | O_NONBLOCK) != 0) {
        return error_system(error, errno, "making a worker's pipes");
    }
    return STATUS_OK;
}

int relay_pipes_new(struct loop *loop, size_t limit, const struct relay_events *events, void *owner,
                    struct relay **relay, struct error *error)
{
    struct relay_pipes *pipes = calloc(1, sizeof *pipes);
    if (pipes == NULL) {
        return error_memory(error);
    }
    int read_fd = -1;
    int write_fd = -1;
    pipes->relay = (struct relay){&pipes_class, events, owner};
    pipes->child_fds[0] = -1;
    pipes->child_fds[1] = -1;
    int status = make_pipe(&write_fd, 1, &pipes->child_fds[0], error);
    if (status == STATUS_OK) {
        status = make_pipe(&read_fd, 0, &pipes->child_fds[1], error);
    }
    channel_init(&pipes->channel, loop, codec_goridge3_new(limit), read_fd, write_fd,
                 &channel_events);
    if (status != STATUS_OK) {
        pipes_free(&pipes->relay);
        return status;
    }
    *relay = &pipes->relay;
    return STATUS_OK;
}
