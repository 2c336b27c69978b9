/* What workers of RoadRunner 2 and later speak. */
#include <stdlib.h>
#include <unistd.h>

#include "base/list.h"
#include "codec.h"
#include "reply_joiner.h"
#include "wire/goridge3.h"

struct codec_goridge3 {
    struct codec codec;
    struct goridge3_decoder decoder;
    struct reply_joiner joiner;
    bool told;      /* the message that next gave out last is over at the next call */
    unsigned pings; /* not answered yet */
};

static struct codec_goridge3 *self_of(struct codec *codec)
{
    return container_of(codec, struct codec_goridge3, codec);
}

static int append_stop(struct buffer *to, int unused)
{
    (void)unused;
    return goridge3_append_stop(to);
}

/* Any payload that is not wholly empty. */
static int check(const struct payload *payload, struct error *error)
{
    (void)payload;
    (void)error;
    return STATUS_OK;
}

static int put_pid(struct codec *codec, struct frame_writer *writer, struct error *error)
{
    (void)codec;
    return frame_writer_add_control(writer, goridge3_append_pid, getpid(), error);
}

static int put_stop(struct codec *codec, struct frame_writer *writer, struct error *error)
{
    (void)codec;
    return frame_writer_add_control(writer, append_stop, 0, error);
}

static int put_exec(struct codec *codec, struct frame_writer *writer, const struct payload *payload,
                    struct error *error)
{
    (void)codec;
    struct frame *frame = frame_writer_add(writer);
    if (frame == NULL) {
        return error_memory(error);
    }
    frame->header_size = goridge3_payload_header(frame->header, payload);
    frame->parts[0] = payload->context;
    frame->parts[1] = payload->body;
    frame->starts = true;
    frame->counts = true;
    writer->execs++;
    return STATUS_OK;
}

static void *space(struct codec *codec, size_t *size)
{
    return goridge3_decoder_space(&self_of(codec)->decoder, size);
}

static void wrote(struct codec *codec, size_t size)
{
    goridge3_decoder_wrote(&self_of(codec)->decoder, size);
}

/* 1: *message; 0: the frame was a part of one; or a status. */
static int understand(struct codec_goridge3 *self, const struct goridge3_frame *frame,
                      struct relay_message *message, struct error *error)
{
    bool more = false;
    *message = (struct relay_message){0};
    self->pings += (frame->stream & GORIDGE3_PING) != 0;
    int meaning = goridge3_understand(frame, &message->payload, &more, &message->pid, error);
    switch (meaning) {
    case GORIDGE3_MEANS_REPLY:
        message->kind = RELAY_REPLY;
        meaning = reply_joiner_add(&self->joiner, &message->payload, more, error);
        return meaning < 0 ? meaning : !more;
    case GORIDGE3_MEANS_WORKER_ERROR:
        message->kind = RELAY_ERROR;
        return 1;
    case GORIDGE3_MEANS_PID:
        message->kind = RELAY_PID;
        return 1;
    case GORIDGE3_MEANS_STOP:
        message->kind = RELAY_STOP;
        return 1;
    default:
        return meaning;
    }
}

static int next(struct codec *codec, struct relay_message *message, struct error *error)
{
    struct codec_goridge3 *self = self_of(codec);
    struct goridge3_frame frame;
    int got;
    if (self->told) {
        reply_joiner_reset(&self->joiner);
        self->told = false;
    }
    while ((got = goridge3_decoder_next(&self->decoder, &frame, error)) > 0) {
        got = understand(self, &frame, message, error);
        if (got != 0) {
            self->told = got > 0;
            return got;
        }
    }
    return got;
}

/* Only workers from 3.1 on ask, and only they bear the answer. */
static int put_answers(struct codec *codec, struct frame_writer *writer, struct error *error)
{
    struct codec_goridge3 *self = self_of(codec);
    for (; self->pings > 0; self->pings--) {
        struct frame *frame = frame_writer_add(writer);
        if (frame == NULL) {
            return error_memory(error);
        }
        frame->header_size = goridge3_header(frame->header, 0, GORIDGE3_PONG, NULL, 0, 0);
    }
    return STATUS_OK;
}

static void set_limit(struct codec *codec, size_t limit)
{
    self_of(codec)->decoder.limit = limit;
    self_of(codec)->joiner.limit = limit;
}

static struct bytes rest(const struct codec *codec)
{
    return goridge3_decoder_rest(&container_of(codec, const struct codec_goridge3, codec)->decoder);
}

static void goridge3_free(struct codec *codec)
{
    struct codec_goridge3 *self = self_of(codec);
    goridge3_decoder_free(&self->decoder);
    reply_joiner_free(&self->joiner);
    free(self);
}

static const struct codec_class goridge3_class = {
    .check = check,
    .put_pid = put_pid,
    .put_exec = put_exec,
    .put_stop = put_stop,
    .space = space,
    .wrote = wrote,
    .next = next,
    .put_answers = put_answers,
    .set_limit = set_limit,
    .rest = rest,
    .free = goridge3_free,
};

struct codec *codec_goridge3_new(size_t limit)
{
    struct codec_goridge3 *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->codec.class = &goridge3_class;
    goridge3_decoder_init(&self->decoder, limit);
    reply_joiner_init(&self->joiner, limit);
    return &self->codec;
}
