#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "channel.h"

/* The worker's ends. */
enum { V3_IN, V3_OUT, V2_IN, V2_OUT, CHILD_FDS };

struct relay_pipes {
    struct relay relay;
    int child_fds[CHILD_FDS]; /* -1: not offered */
    struct channel v3;        /* on descriptors 3 and 4 */
    struct channel v2;        /* on standard input and output */
    struct channel *chosen;   /* NULL: both are offered, none has answered yet */
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

/* --- which of two --- */

/* The worker's output goes to the log from now on, what came of it first. */
static void give_up_v2(struct relay_pipes *pipes)
{
    struct channel *v2 = &pipes->v2;
    channel_close(v2);
    pipes->relay.events->printed(pipes->relay.owner, v2->codec->class->rest(v2->codec),
                                 v2->read_fd);
    v2->read_fd = -1;
    channel_free(v2);
    pipes->chosen = &pipes->v3;
}

static void choose(struct relay_pipes *pipes, struct channel *channel)
{
    if (pipes->chosen != NULL) {
        return;
    }
    if (channel == &pipes->v3) {
        give_up_v2(pipes);
    } else {
        channel_free(&pipes->v3);
        pipes->chosen = &pipes->v2;
    }
}

static void v3_message(struct channel *channel, const struct relay_message *message)
{
    struct relay_pipes *pipes = container_of(channel, struct relay_pipes, v3);
    choose(pipes, channel);
    pipes->relay.events->message(pipes->relay.owner, message);
}

static void v3_ended(struct channel *channel, const struct error *reason)
{
    struct relay_pipes *pipes = container_of(channel, struct relay_pipes, v3);
    choose(pipes, channel); /* what has closed the one will not answer by the other */
    pipes->relay.events->ended(pipes->relay.owner, reason);
}

static void v2_message(struct channel *channel, const struct relay_message *message)
{
    struct relay_pipes *pipes = container_of(channel, struct relay_pipes, v2);
    choose(pipes, channel);
    pipes->relay.events->message(pipes->relay.owner, message);
}

/* Before anything has answered it means that the worker prints: let it, there is the other one. */
static void v2_ended(struct channel *channel, const struct error *reason)
{
    struct relay_pipes *pipes = container_of(channel, struct relay_pipes, v2);
    if (pipes->chosen == NULL) {
        give_up_v2(pipes);
    } else {
        pipes->relay.events->ended(pipes->relay.owner, reason);
    }
}

static const struct channel_events v3_events = {v3_message, v3_ended};
static const struct channel_events v2_events = {v2_message, v2_ended};

/* --- the contract --- */

static struct relay_child pipes_child(struct relay *relay)
{
    struct relay_pipes *pipes = pipes_of(relay);
    bool v3 = pipes->child_fds[V3_IN] >= 0;
    return (struct relay_child){
        .input = pipes->child_fds[V2_IN],
        .output = pipes->child_fds[V2_OUT],
        .fds = pipes->child_fds,
        .fd_count = v3 ? 2 : 0,
        .address = v3 ? "pipes://fd/3:fd/4" : "pipes",
    };
}

static bool offered(const struct channel *channel)
{
    return channel->loop != NULL;
}

static int pipes_open(struct relay *relay, pid_t pid, struct error *error)
{
    (void)pid;
    struct relay_pipes *pipes = pipes_of(relay);
    for (int i = 0; i < CHILD_FDS; i++) {
        close_fd(&pipes->child_fds[i]);
    }
    int status = offered(&pipes->v3) ? channel_open(&pipes->v3, error) : STATUS_OK;
    return status == STATUS_OK && offered(&pipes->v2) ? channel_open(&pipes->v2, error) : status;
}

static int pipes_send_pid(struct relay *relay, struct error *error)
{
    struct relay_pipes *pipes = pipes_of(relay);
    int status = offered(&pipes->v3) ? channel_send_pid(&pipes->v3, error) : STATUS_OK;
    return status == STATUS_OK && offered(&pipes->v2) ? channel_send_pid(&pipes->v2, error)
                                                      : status;
}

static int pipes_check(const struct relay *relay, const struct payload *payload,
                       struct error *error)
{
    const struct channel *chosen = container_of(relay, const struct relay_pipes, relay)->chosen;
    return chosen->codec->class->check(payload, error);
}

static int pipes_send(struct relay *relay, const struct payload *payload, struct error *error)
{
    return channel_send(pipes_of(relay)->chosen, payload, error);
}

static int pipes_send_stop(struct relay *relay, struct error *error)
{
    struct relay_pipes *pipes = pipes_of(relay);
    if (pipes->chosen != NULL) {
        return channel_send_stop(pipes->chosen, error);
    }
    /* it is booting: whichever it will listen to */
    int status = channel_send_stop(&pipes->v3, error);
    return status != STATUS_OK ? status : channel_send_stop(&pipes->v2, error);
}

static size_t pipes_unwritten(const struct relay *relay)
{
    const struct channel *chosen = container_of(relay, const struct relay_pipes, relay)->chosen;
    return chosen == NULL ? 0 : chosen->writer.execs;
}

static bool pipes_half_written(const struct relay *relay)
{
    const struct channel *chosen = container_of(relay, const struct relay_pipes, relay)->chosen;
    return chosen != NULL && frame_writer_amid_exec(&chosen->writer);
}

static bool pipes_connected(const struct relay *relay)
{
    (void)relay;
    return true;
}

static void pipes_drain(struct relay *relay)
{
    struct relay_pipes *pipes = pipes_of(relay);
    if (offered(&pipes->v2) && !pipes->v2.ended) {
        channel_drain(&pipes->v2);
    }
    if (offered(&pipes->v3) && !pipes->v3.ended) {
        channel_drain(&pipes->v3);
    }
    if (pipes->chosen == NULL && offered(&pipes->v2)) {
        give_up_v2(pipes); /* it died before it answered: what it printed tells why */
    }
}

static void pipes_close(struct relay *relay)
{
    struct relay_pipes *pipes = pipes_of(relay);
    if (offered(&pipes->v3)) {
        channel_close(&pipes->v3);
    }
    if (offered(&pipes->v2)) {
        channel_close(&pipes->v2);
    }
}

static void pipes_free(struct relay *relay)
{
    struct relay_pipes *pipes = pipes_of(relay);
    channel_free(&pipes->v3);
    channel_free(&pipes->v2);
    for (int i = 0; i < CHILD_FDS; i++) {
        close_fd(&pipes->child_fds[i]);
    }
    free(pipes);
}

static const struct relay_class pipes_class = {
    .child = pipes_child,
    .open = pipes_open,
    .send_pid = pipes_send_pid,
    .check = pipes_check,
    .send = pipes_send,
    .send_stop = pipes_send_stop,
    .unwritten = pipes_unwritten,
    .half_written = pipes_half_written,
    .connected = pipes_connected,
    .drain = pipes_drain,
    .close = pipes_close,
    .free = pipes_free,
};

/* --- making them --- */

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

static int offer(struct channel *channel, struct loop *loop, struct codec *codec, int *child_fds,
                 const struct channel_events *events, struct error *error)
{
    int read_fd = -1;
    int write_fd = -1;
    int status = make_pipe(&write_fd, 1, &child_fds[0], error);
    if (status == STATUS_OK) {
        status = make_pipe(&read_fd, 0, &child_fds[1], error);
    }
    channel_init(channel, loop, codec, read_fd, write_fd, events);
    return status == STATUS_OK && codec == NULL ? error_memory(error) : status;
}

int relay_pipes_new(const struct relay_settings *settings, const struct relay_events *events,
                    void *owner, struct relay **relay, struct error *error)
{
    struct relay_pipes *pipes = calloc(1, sizeof *pipes);
    if (pipes == NULL) {
        return error_memory(error);
    }
    int status = STATUS_OK;
    pipes->relay = (struct relay){&pipes_class, events, owner, false};
    for (int i = 0; i < CHILD_FDS; i++) {
        pipes->child_fds[i] = -1;
    }
    if (settings->protocol != PROTOCOL_V2) {
        status = offer(&pipes->v3, settings->loop, codec_goridge3_new(settings->limit),
                       &pipes->child_fds[V3_IN], &v3_events, error);
        pipes->chosen = settings->protocol == PROTOCOL_V3 ? &pipes->v3 : NULL;
    }
    if (status == STATUS_OK && settings->protocol != PROTOCOL_V3) {
        status = offer(&pipes->v2, settings->loop, codec_goridge2_new(settings->limit),
                       &pipes->child_fds[V2_IN], &v2_events, error);
        pipes->chosen = settings->protocol == PROTOCOL_V2 ? &pipes->v2 : NULL;
    }
    if (status != STATUS_OK) {
        pipes_free(&pipes->relay);
        return status;
    }
    *relay = &pipes->relay;
    return STATUS_OK;
}
