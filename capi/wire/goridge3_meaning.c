#include "control.h"
#include "goridge3.h"

enum { UNDEFINED_FLAG = 0x02 };

static int reply_understand(const struct goridge3_frame *frame, struct payload *payload, bool *more,
                            struct error *error)
{
    if (frame->option_count != 1) {
        return error_set(error, STATUS_EPROTOCOL,
                         "a reply has one option, the length of its context, but came %u options",
                         frame->option_count);
    }
    const char *data = frame->payload.data;
    size_t context = frame->options[0];
    if (context > frame->payload.size) {
        return error_set(error, STATUS_EPROTOCOL,
                         "a reply's context of %zu bytes does not fit in its %zu bytes of payload",
                         context, frame->payload.size);
    }
    payload->context = (struct bytes){data, context};
    payload->body = (struct bytes){data + context, frame->payload.size - context};
    /* not a control frame: a worker asks for its end by a reply of these very bytes */
    if (payload->body.size == 0 &&
        bytes_equal(payload->context, bytes_of_text(CONTROL_STOP_JSON))) {
        return GORIDGE3_MEANS_STOP;
    }
    *more = (frame->stream & GORIDGE3_STREAM) != 0;
    return GORIDGE3_MEANS_REPLY;
}

int goridge3_understand(const struct goridge3_frame *frame, struct payload *payload, bool *more,
                        int *pid, struct error *error)
{
    *payload = (struct payload){{NULL, 0}, {NULL, 0}};
    *more = false;
    *pid = 0;
    if ((frame->flags & UNDEFINED_FLAG) != 0) {
        return error_set(
            error, STATUS_EPROTOCOL,
            "a frame has the flag 0x02, which goridge v3 does not define (flags 0x%02x)",
            frame->flags);
    }
    if ((frame->stream & (GORIDGE3_STOP | GORIDGE3_PONG)) != 0) {
        return error_set(error, STATUS_EPROTOCOL,
                         "a worker's frame has the server's STOP or PONG bit (byte 10 is 0x%02x)",
                         frame->stream);
    }
    if ((frame->flags & GORIDGE3_CONTROL) != 0) {
        int meaning = control_understand(frame->payload, pid, error);
        if (meaning < 0) {
            return meaning;
        }
        return meaning == CONTROL_PID ? GORIDGE3_MEANS_PID : GORIDGE3_MEANS_STOP;
    }
    if ((frame->flags & GORIDGE3_ERROR) != 0) {
        payload->body = frame->payload;
        return GORIDGE3_MEANS_WORKER_ERROR;
    }
    return reply_understand(frame, payload, more, error);
}
