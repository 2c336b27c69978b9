/* What workers of RoadRunner 1 speak. */
#include <stdlib.h>
#include <unistd.h>

#include "base/list.h"
#include "codec.h"
#include "wire/goridge2.h"

struct codec_goridge2 {
    struct codec codec;
    struct goridge2_decoder decoder;
    struct goridge2_joiner joiner;
};

static struct codec_goridge2 *self_of(struct codec *codec)
{
    return container_of(codec, struct codec_goridge2, codec);
}

static int put_pid(struct codec *codec, struct frame_writer *writer, struct error *error)
{
    (void)codec;
    return frame_writer_add_control(writer, goridge2_append_pid, getpid(), error);
}

static int append_stop(struct buffer *to, int unused)
{
    (void)unused;
    return goridge2_append_stop(to);
}

static int put_stop(struct codec *codec, struct frame_writer *writer, struct error *error)
{
    (void)codec;
    return frame_writer_add_control(writer, append_stop, 0, error);
}

/* Two frames, each with a header that must not be split; it has left when the second one has. */
static int put_exec(struct codec *codec, struct frame_writer *writer, const struct payload *payload,
                    struct error *error)
{
    (void)codec;
    if (frame_writer_reserve(writer, 2) != STATUS_OK) {
        return error_memory(error);
    }
    struct frame *context = frame_writer_add(writer);
    struct frame *body = frame_writer_add(writer);
    goridge2_payload_headers(context->header, body->header, payload);
    context->header_size = GORIDGE2_HEADER;
    context->parts[0] = payload->context;
    context->starts = true;
    body->header_size = GORIDGE2_HEADER;
    body->parts[0] = payload->body;
    body->counts = true;
    writer->execs++;
    return STATUS_OK;
}

/* This protocol asks for nothing by itself. */
static int put_answers(struct codec *codec, struct frame_writer *writer, struct error *error)
{
    (void)codec;
    (void)writer;
    (void)error;
    return STATUS_OK;
}

static void *space(struct codec *codec, size_t *size)
{
    return goridge2_decoder_space(&self_of(codec)->decoder, size);
}

static void wrote(struct codec *codec, size_t size)
{
    goridge2_decoder_wrote(&self_of(codec)->decoder, size);
}

static int next(struct codec *codec, struct relay_message *message, struct error *error)
{
    static const enum relay_message_kind kinds[] = {
        [GORIDGE2_MEANS_REPLY] = RELAY_REPLY,
        [GORIDGE2_MEANS_WORKER_ERROR] = RELAY_ERROR,
        [GORIDGE2_MEANS_PID] = RELAY_PID,
        [GORIDGE2_MEANS_STOP] = RELAY_STOP,
    };
    struct codec_goridge2 *self = self_of(codec);
    struct goridge2_frame frame;
    int got;
    while ((got = goridge2_decoder_next(&self->decoder, &frame, error)) > 0) {
        *message = (struct relay_message){0};
        int meaning =
            goridge2_understand(&self->joiner, &frame, &message->payload, &message->pid, error);
        if (meaning < 0) {
            return meaning;
        }
        if (meaning != GORIDGE2_MEANS_NOTHING_YET) {
            message->kind = kinds[meaning];
            return 1;
        }
    }
    return got;
}

static void set_limit(struct codec *codec, size_t limit)
{
    self_of(codec)->decoder.limit = limit;
    self_of(codec)->joiner.limit = limit;
}

static struct bytes rest(const struct codec *codec)
{
    return goridge2_decoder_rest(&container_of(codec, const struct codec_goridge2, codec)->decoder);
}

static void goridge2_free(struct codec *codec)
{
    struct codec_goridge2 *self = self_of(codec);
    goridge2_decoder_free(&self->decoder);
    goridge2_joiner_free(&self->joiner);
    free(self);
}

static const struct codec_class goridge2_class = {
    .check = goridge2_check,
    .put_pid = put_pid,
    .put_exec = put_exec,
    .put_stop = put_stop,
    .space = space,
    .wrote = wrote,
    .next = next,
    .put_answers = put_answers,
    .set_limit = set_limit,
    .rest = rest,
    .free = goridge2_free,
};

struct codec *codec_goridge2_new(size_t limit)
{
    struct codec_goridge2 *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->codec.class = &goridge2_class;
    goridge2_decoder_init(&self->decoder, limit);
    goridge2_joiner_init(&self->joiner, limit);
    return &self->codec;
}
