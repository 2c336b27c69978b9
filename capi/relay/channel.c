#include "channel.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void channel_end(struct channel *channel, const struct error *reason)
{
    if (!channel->ended) {
        channel_close(channel);
        channel->events->ended(channel, reason);
    }
}

static void channel_flush(struct channel *channel);

/* --- what comes in --- */

static int tell_messages(struct channel *channel, struct error *error)
{
    struct codec *codec = channel->codec;
    struct relay_message message;
    int got = 0;
    channel->telling = true;
    while (!channel->ended && (got = codec->class->next(codec, &message, error)) > 0) {
        channel->events->message(channel, &message);
    }
    channel->telling = false;
    got = got < 0 ? got : codec->class->put_answers(codec, &channel->writer, error);
    if (got == STATUS_OK && channel->writer.count > 0) {
        channel_flush(channel);
    }
    return got;
}

static void end_of_file(struct channel *channel)
{
    struct error error = {0};
    struct bytes rest = channel->codec->class->rest(channel->codec);
    if (rest.size > 0) {
        char *quoted = bytes_quote(rest, 60);
        error_set(&error, STATUS_OK, "the channel ended inside a frame, after %zu bytes of it: %s",
                  rest.size, quoted == NULL ? "(out of memory)" : quoted);
        free(quoted);
    }
    channel_end(channel, &error);
    error_clear(&error);
}

static void too_much(struct channel *channel)
{
    struct error error = {0};
    error_set(&error, STATUS_EPROTOCOL, "too many bytes came, and no handshake in them");
    channel_end(channel, &error);
    error_clear(&error);
}

/* One read: its size, 0 when nothing is left for now. */
static size_t channel_read(struct channel *channel)
{
    struct codec *codec = channel->codec;
    struct error error = {0};
    size_t size = 0;
    void *to = codec->class->space(codec, &size);
    if (channel->allowance == 0) {
        too_much(channel);
        return 0;
    }
    size = size < channel->allowance ? size : channel->allowance;
    ssize_t got = to == NULL ? -1 : read(channel->read_fd, to, size);
    /* a socket's other end that was closed with bytes unread has ended as well */
    bool reset = got < 0 && to != NULL && errno == ECONNRESET;
    channel->reset = channel->reset || reset;
    if (got == 0 || reset) {
        end_of_file(channel);
        return 0;
    }
    if (got > 0) {
        channel->allowance -= channel->allowance == SIZE_MAX ? 0 : (size_t)got;
        codec->class->wrote(codec, (size_t)got);
        if (tell_messages(channel, &error) != STATUS_OK) {
            channel_end(channel, &error);
        }
    } else if (to == NULL) {
        error_memory(&error);
        channel_end(channel, &error);
    } else if (errno != EAGAIN && errno != EINTR) {
        error_system(&error, errno, "reading from the worker");
        channel_end(channel, &error);
    }
    error_clear(&error);
    return got > 0 ? (size_t)got : 0;
}

static void reading_ready(struct loop_watch *watch, uint32_t events)
{
    (void)events;
    channel_read(container_of(watch, struct channel, reading));
}

void channel_drain(struct channel *channel)
{
    int there = 0;
    ioctl(channel->read_fd, FIONREAD, &there);
    size_t left = there > 0 ? (size_t)there : 0;
    /* once more when all of it is read, to meet the end */
    for (bool more = true; more && !channel->ended;) {
        size_t got = channel_read(channel);
        more = got > 0 && got <= left;
        left -= more ? got : 0;
    }
}

/* --- what goes out --- */

/* It may have answered before it closed the end that nobody reads any more. */
static void deaf_run(struct loop_task *task)
{
    struct channel *channel = container_of(task, struct channel, deaf);
    struct error none = {0};
    channel_drain(channel);
    channel_end(channel, &none);
}

/* What has come already can't be the answer to a payload that is sent upon it: so that goes out when
   all of that has been told, and counts as unwritten until then. */
static void channel_flush(struct channel *channel)
{
    if (channel->ended || channel->telling) {
        return;
    }
    int left = frame_writer_flush(&channel->writer, NULL);
    if (left <= 0) {
        loop_watch_stop(&channel->writing);
        if (left < 0) {
            channel->reset = true; /* where the write hears of it, no read does */
            loop_task_post(channel->loop, &channel->deaf);
        }
        return;
    }
    struct error error = {0};
    if (channel->writing.loop == NULL &&
        loop_watch_start(channel->loop, &channel->writing, channel->writer.fd, EPOLLOUT, &error) !=
            STATUS_OK) {
        channel_end(channel, &error);
    }
    error_clear(&error);
}

static void writing_ready(struct loop_watch *watch, uint32_t events)
{
    (void)events;
    channel_flush(container_of(watch, struct channel, writing));
}

static int flush_if(struct channel *channel, int status)
{
    if (status == STATUS_OK) {
        channel_flush(channel);
    }
    return status;
}

int channel_send_pid(struct channel *channel, struct error *error)
{
    struct codec *codec = channel->codec;
    return flush_if(channel, codec->class->put_pid(codec, &channel->writer, error));
}

int channel_send(struct channel *channel, const struct payload *payload, struct error *error)
{
    struct codec *codec = channel->codec;
    return flush_if(channel, codec->class->put_exec(codec, &channel->writer, payload, error));
}

int channel_send_stop(struct channel *channel, struct error *error)
{
    struct codec *codec = channel->codec;
    return flush_if(channel, codec->class->put_stop(codec, &channel->writer, error));
}

/* --- life --- */

void channel_init(struct channel *channel, struct loop *loop, struct codec *codec, int read_fd,
                  int write_fd, const struct channel_events *events)
{
    *channel = (struct channel){
        .events = events,
        .loop = loop,
        .codec = codec,
        .read_fd = read_fd,
        .writer = {.fd = write_fd},
        .allowance = SIZE_MAX,
        .reading = {.ready = reading_ready},
        .writing = {.ready = writing_ready},
        .deaf = {.run = deaf_run},
    };
}

int channel_open(struct channel *channel, struct error *error)
{
    return channel->codec == NULL ? error_memory(error)
                                  : loop_watch_start(channel->loop, &channel->reading,
                                                     channel->read_fd, EPOLLIN, error);
}

void channel_close(struct channel *channel)
{
    channel->ended = true;
    loop_watch_stop(&channel->reading);
    loop_watch_stop(&channel->writing);
    loop_task_stop(&channel->deaf);
}

void channel_free(struct channel *channel)
{
    if (channel->loop == NULL) {
        return;
    }
    channel_close(channel);
    if (channel->read_fd >= 0) {
        close(channel->read_fd);
    }
    if (channel->writer.fd >= 0) {
        close(channel->writer.fd);
    }
    if (channel->codec != NULL) {
        channel->codec->class->free(channel->codec);
    }
    frame_writer_free(&channel->writer);
    channel->loop = NULL;
}
