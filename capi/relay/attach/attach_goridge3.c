/* The third format: servers of RoadRunner 2 and later, and ours. */
#include <unistd.h>

#include "attach_format.h"

static void *space(struct attach_format *format, size_t *size)
{
    return goridge3_decoder_space(&format->goridge3, size);
}

static void wrote(struct attach_format *format, size_t size)
{
    goridge3_decoder_wrote(&format->goridge3, size);
}

static struct bytes rest(const struct attach_format *format)
{
    return goridge3_decoder_rest(&format->goridge3);
}

/* The body lies directly behind the context, whose NUL needs a place: so that is copied. */
static int context_copy(struct frame_buffer *to, struct bytes *context, struct error *error)
{
    frame_buffer_drop(to, buffer_unread(&to->bytes).size);
    char *room = buffer_reserve(&to->bytes, context->size + 1);
    if (room == NULL) {
        return error_memory(error);
    }
    buffer_append(&to->bytes, *context); /* fits */
    room[context->size] = '\0';
    context->data = room;
    return SERVER_SAYS_EXEC;
}

static int next(struct attach_format *format, struct payload *payload, struct error *error)
{
    struct frame_buffer *frames = &format->goridge3.frames;
    struct goridge3_frame frame;
    int got;
    do {
        got = goridge3_decoder_next(&format->goridge3, &frame, NULL);
        if (got <= 0) {
            return got == 0 ? 0 : attach_format_refuse(got, "goridge v3", rest(format), error);
        }
        got = goridge3_understand_server(&frame, payload, error);
    } while (got == SERVER_SAYS_NOTHING);
    if (got == SERVER_SAYS_EXEC) {
        got = context_copy(&format->context, &payload->context, error);
    }
    if (got == SERVER_SAYS_EXEC) {
        frame_buffer_terminate(frames);
    } else if (got == STATUS_EMEMORY) {
        frame_buffer_hand_out(frames, 0); /* it stays for the next time */
    }
    return got;
}

static bool amid(const struct attach_format *format)
{
    return rest(format).size > 0;
}

static int put_reply(struct frame_writer *writer, const struct payload *reply, struct error *error)
{
    if (payload_size(reply) > UINT32_MAX) {
        return error_set(error, STATUS_ETOOBIG,
                         "an answer of %zu bytes is more than a frame can hold (4 GiB)",
                         payload_size(reply));
    }
    struct frame *frame = frame_writer_add(writer);
    if (frame == NULL) {
        return error_memory(error);
    }
    frame->header_size = goridge3_payload_header(frame->header, reply);
    frame->parts[0] = reply->context;
    frame->parts[1] = reply->body;
    return STATUS_OK;
}

static int put_error(struct frame_writer *writer, struct bytes message, struct error *error)
{
    if (message.size > UINT32_MAX) {
        return error_set(error, STATUS_ETOOBIG,
                         "an error of %zu bytes is more than a frame can hold (4 GiB)",
                         message.size);
    }
    struct frame *frame = frame_writer_add(writer);
    if (frame == NULL) {
        return error_memory(error);
    }
    frame->header_size = goridge3_error_header(frame->header, (uint32_t)message.size);
    frame->parts[0] = message;
    return STATUS_OK;
}

static int put_pid(struct frame_writer *writer, struct error *error)
{
    return frame_writer_add_control(writer, goridge3_append_worker_pid, getpid(), error);
}

static int append_stop(struct buffer *to, int unused)
{
    (void)unused;
    return goridge3_append_worker_stop(to);
}

static int put_stop(struct frame_writer *writer, struct error *error)
{
    return frame_writer_add_control(writer, append_stop, 0, error);
}

static int put_pong(struct frame_writer *writer, struct error *error)
{
    struct frame *frame = frame_writer_add(writer);
    if (frame == NULL) {
        return error_memory(error);
    }
    frame->header_size = goridge3_header(frame->header, 0, GORIDGE3_PONG, NULL, 0, 0);
    return STATUS_OK;
}

const struct attach_format_class attach_goridge3 = {
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
