/* The second format: servers of RoadRunner 1, and `protocol: v2`. */
#include <unistd.h>

#include "attach_format.h"

static void *space(struct attach_format *format, size_t *size)
{
    return goridge2_decoder_space(&format->goridge2, size);
}

static void wrote(struct attach_format *format, size_t size)
{
    goridge2_decoder_wrote(&format->goridge2, size);
}

static struct bytes rest(const struct attach_format *format)
{
    return goridge2_decoder_rest(&format->goridge2);
}

static int next(struct attach_format *format, struct payload *payload, struct error *error)
{
    struct frame_buffer *frames = &format->goridge2.frames;
    struct goridge2_frame frame;
    int got;
    do {
        got = goridge2_decoder_next(&format->goridge2, &frame, NULL);
        if (got <= 0) {
            return got == 0 ? 0 : attach_format_refuse(got, "goridge v2", rest(format), error);
        }
        got = goridge2_understand_server(&format->joiner, &frame, payload, error);
    } while (got == SERVER_SAYS_NOTHING);
    if (got == SERVER_SAYS_EXEC) {
        frame_buffer_terminate(frames);
    } else if (got == STATUS_EMEMORY) {
        frame_buffer_hand_out(frames, 0); /* it stays for the next time */
    }
    return got;
}

static bool amid(const struct attach_format *format)
{
    return rest(format).size > 0 || goridge2_joiner_waits(&format->joiner);
}

static int put_reply(struct frame_writer *writer, const struct payload *reply, struct error *error)
{
    if (frame_writer_reserve(writer, 2) != STATUS_OK) {
        return error_memory(error);
    }
    struct frame *context = frame_writer_add(writer);
    struct frame *body = frame_writer_add(writer);
    goridge2_reply_headers(context->header, body->header, reply);
    context->header_size = GORIDGE2_HEADER;
    context->parts[0] = reply->context;
    body->header_size = GORIDGE2_HEADER;
    body->parts[0] = reply->body;
    return STATUS_OK;
}

static int put_error(struct frame_writer *writer, struct bytes message, struct error *error)
{
    struct frame *frame = frame_writer_add(writer);
    if (frame == NULL) {
        return error_memory(error);
    }
    goridge2_error_header(frame->header, message.size);
    frame->header_size = GORIDGE2_HEADER;
    frame->parts[0] = message;
    return STATUS_OK;
}

static int put_pid(struct frame_writer *writer, struct error *error)
{
    return frame_writer_add_control(writer, goridge2_append_pid, getpid(), error);
}

static int append_stop(struct buffer *to, int unused)
{
    (void)unused;
    return goridge2_append_worker_stop(to);
}

static int put_stop(struct frame_writer *writer, struct error *error)
{
    return frame_writer_add_control(writer, append_stop, 0, error);
}

/* Nobody asks for it in this format. */
static int put_pong(struct frame_writer *writer, struct error *error)
{
    (void)writer;
    (void)error;
    return STATUS_OK;
}

const struct attach_format_class attach_goridge2 = {
    .space = space,
    .wrote = wrote,
    .next = next,
    .rest = rest,
    .amid = amid,
    .put_reply = put_reply,
    .put_error = put_error,
    .put_pid = put_pid,
    .put_stop = put_stop,
    .put_pong = put_pong,
};
