#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "loop/loop.h"
#include "pipe_writer.h"
#include "relay/relay.h"
#include "reply_joiner.h"
#include "wire/goridge3.h"

struct relay_pipes {
    struct relay relay;
    struct loop *loop;
    int read_fd;
    int child_fds[2]; /* what the worker reads, what it writes */
    bool ended;       /* told, or closed: nothing is told any more */
    struct loop_watch reading;
    struct loop_watch writing;
    struct loop_task deaf; /* nobody reads what is written: told from a step */
    struct pipe_writer writer;
    struct goridge3_decoder decoder;
    struct reply_joiner joiner;
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

static void pipes_end(struct relay_pipes *pipes, const struct error *reason)
{
    if (!pipes->ended) {
        relay_close(&pipes->relay);
        pipes->relay.events->ended(pipes->relay.owner, reason);
    }
}

/* --- what comes in --- */

static int tell_frame(struct relay_pipes *pipes, const struct goridge3_frame *frame,
                      struct error *error)
{
    struct relay_message message = {0};
    bool more = false;
    int meaning = goridge3_understand(frame, &message.payload, &more, &message.pid, error);
    switch (meaning) {
    case GORIDGE3_MEANS_REPLY:
        message.kind = RELAY_REPLY;
        meaning = reply_joiner_add(&pipes->joiner, &message.payload, more, error);
        if (meaning < 0 || more) {
            return meaning;
        }
        break;
    case GORIDGE3_MEANS_WORKER_ERROR:
        message.kind = RELAY_ERROR;
        break;
    case GORIDGE3_MEANS_PID:
        message.kind = RELAY_PID;
        break;
    case GORIDGE3_MEANS_STOP:
        message.kind = RELAY_STOP;
        break;
    default:
        return meaning;
    }
    pipes->relay.events->message(pipes->relay.owner, &message);
    reply_joiner_reset(&pipes->joiner);
    return STATUS_OK;
}

static int tell_frames(struct relay_pipes *pipes, struct error *error)
{
    struct goridge3_frame frame;
    int got = 0;
    while (!pipes->ended && (got = goridge3_decoder_next(&pipes->decoder, &frame, error)) > 0) {
        int status = tell_frame(pipes, &frame, error);
        if (status < 0) {
            return status;
        }
    }
    return got < 0 ? got : STATUS_OK;
}

static void end_of_file(struct relay_pipes *pipes)
{
    struct error error = {0};
    struct bytes rest = goridge3_decoder_rest(&pipes->decoder);
    if (rest.size > 0) {
        char *quoted = bytes_quote(rest, 60);
        error_set(&error, STATUS_OK, "the channel ended inside a frame, after %zu bytes of it: %s",
                  rest.size, quoted == NULL ? "(out of memory)" : quoted);
        free(quoted);
    }
    pipes_end(pipes, &error);
    error_clear(&error);
}

/* One read: its size, 0 when nothing is left for now. */
static size_t pipes_read(struct relay_pipes *pipes)
{
    struct error error = {0};
    size_t size = 0;
    void *to = goridge3_decoder_space(&pipes->decoder, &size);
    if (to == NULL) {
        error_memory(&error);
        pipes_end(pipes, &error);
        return 0;
    }
    ssize_t got = read(pipes->read_fd, to, size);
    if (got < 0) {
        if (errno != EAGAIN && errno != EINTR) {
            error_system(&error, errno, "reading from the worker");
            pipes_end(pipes, &error);
            error_clear(&error);
        }
        return 0;
    }
    if (got == 0) {
        end_of_file(pipes);
        return 0;
    }
    goridge3_decoder_wrote(&pipes->decoder, (size_t)got);
    if (tell_frames(pipes, &error) < 0) {
        pipes_end(pipes, &error);
    }
    error_clear(&error);
    return (size_t)got;
}

static void reading_ready(struct loop_watch *watch, uint32_t events)
{
    (void)events;
    pipes_read(container_of(watch, struct relay_pipes, reading));
}

static void pipes_drain(struct relay *relay)
{
    struct relay_pipes *pipes = pipes_of(relay);
    int there = 0;
    ioctl(pipes->read_fd, FIONREAD, &there);
    size_t left = there > 0 ? (size_t)there : 0;
    /* once more when all of it is read, to meet the end */
    for (bool more = true; more && !pipes->ended;) {
        size_t got = pipes_read(pipes);
        more = got > 0 && got <= left;
        left -= more ? got : 0;
    }
}

/* --- what goes out --- */

static void writing_ready(struct loop_watch *watch, uint32_t events);

/* It may have answered before it closed the pipe that nobody reads any more. */
static void deaf_run(struct loop_task *task)
{
    struct relay_pipes *pipes = container_of(task, struct relay_pipes, deaf);
    struct error none = {0};
    pipes_drain(&pipes->relay);
    pipes_end(pipes, &none);
}

static void pipes_flush(struct relay_pipes *pipes)
{
    if (pipes->ended) {
        return;
    }
    int left = pipe_writer_flush(&pipes->writer, NULL);
    if (left <= 0) {
        loop_watch_stop(&pipes->writing);
        if (left < 0) {
            loop_task_post(pipes->loop, &pipes->deaf);
        }
        return;
    }
    if (pipes->writing.loop == NULL) {
        struct error error = {0};
        pipes->writing.ready = writing_ready;
        if (loop_watch_start(pipes->loop, &pipes->writing, pipes->writer.fd, EPOLLOUT, &error) !=
            STATUS_OK) {
            pipes_end(pipes, &error);
        }
        error_clear(&error);
    }
}

static void writing_ready(struct loop_watch *watch, uint32_t events)
{
    (void)events;
    pipes_flush(container_of(watch, struct relay_pipes, writing));
}

/* Straight into the frame: so that a worker can be asked to stop when there is no memory left. */
static int send_control(struct relay_pipes *pipes, int (*append)(struct buffer *, int), int value,
                        struct error *error)
{
    struct pipe_frame *frame = pipe_writer_add(&pipes->writer);
    if (frame == NULL) {
        return error_memory(error);
    }
    struct buffer bytes = {.data = (char *)frame->header, .capacity = sizeof frame->header};
    append(&bytes, value); /* fits: see PIPE_FRAME_HEADER */
    frame->header_size = buffer_unread(&bytes).size;
    pipes_flush(pipes);
    return STATUS_OK;
}

static int append_stop(struct buffer *to, int unused)
{
    (void)unused;
    return goridge3_append_stop(to);
}

static int pipes_send_pid(struct relay *relay, struct error *error)
{
    return send_control(pipes_of(relay), goridge3_append_pid, getpid(), error);
}

static int pipes_send_stop(struct relay *relay, struct error *error)
{
    return send_control(pipes_of(relay), append_stop, 0, error);
}

static int pipes_send(struct relay *relay, const struct payload *payload, struct error *error)
{
    struct relay_pipes *pipes = pipes_of(relay);
    struct pipe_frame *frame = pipe_writer_add(&pipes->writer);
    if (frame == NULL) {
        return error_memory(error);
    }
    frame->header_size = goridge3_payload_header(frame->header, payload);
    frame->parts[0] = payload->context;
    frame->parts[1] = payload->body;
    frame->counts = true;
    pipes->writer.execs++;
    pipes_flush(pipes);
    return STATUS_OK;
}

static size_t pipes_unwritten(const struct relay *relay)
{
    return container_of(relay, const struct relay_pipes, relay)->writer.execs;
}

/* --- life --- */

static struct relay_child pipes_child(struct relay *relay)
{
    return (struct relay_child){pipes_of(relay)->child_fds, 2, "pipes://fd/3:fd/4"};
}

static int pipes_open(struct relay *relay, struct error *error)
{
    struct relay_pipes *pipes = pipes_of(relay);
    close_fd(&pipes->child_fds[0]);
    close_fd(&pipes->child_fds[1]);
    pipes->reading.ready = reading_ready;
    return loop_watch_start(pipes->loop, &pipes->reading, pipes->read_fd, EPOLLIN, error);
}

static void pipes_close(struct relay *relay)
{
    struct relay_pipes *pipes = pipes_of(relay);
    pipes->ended = true;
    loop_watch_stop(&pipes->reading);
    loop_watch_stop(&pipes->writing);
    loop_task_stop(&pipes->deaf);
}

static void pipes_free(struct relay *relay)
{
    struct relay_pipes *pipes = pipes_of(relay);
    pipes_close(relay);
    close_fd(&pipes->read_fd);
    close_fd(&pipes->writer.fd);
    close_fd(&pipes->child_fds[0]);
    close_fd(&pipes->child_fds[1]);
    pipe_writer_free(&pipes->writer);
    goridge3_decoder_free(&pipes->decoder);
    reply_joiner_free(&pipes->joiner);
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
    pipes->relay = (struct relay){&pipes_class, events, owner};
    pipes->loop = loop;
    pipes->deaf.run = deaf_run;
    pipes->read_fd = -1;
    pipes->writer.fd = -1;
    pipes->child_fds[0] = -1;
    pipes->child_fds[1] = -1;
    goridge3_decoder_init(&pipes->decoder, limit);
    reply_joiner_init(&pipes->joiner, limit);
    int status = make_pipe(&pipes->writer.fd, 1, &pipes->child_fds[0], error);
    if (status == STATUS_OK) {
        status = make_pipe(&pipes->read_fd, 0, &pipes->child_fds[1], error);
    }
    if (status != STATUS_OK) {
        pipes_free(&pipes->relay);
        return status;
    }
    *relay = &pipes->relay;
    return STATUS_OK;
}
