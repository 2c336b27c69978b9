#include "control.h"
#include "goridge3.h"

static int exec_understand(const struct goridge3_frame *frame, struct payload *payload,
                           struct error *error)
{
    if (frame->option_count == 0) {
        return error_set(error, STATUS_EPROTOCOL,
                         "a payload's frame has no options; one is needed, the length of its "
                         "context");
    }
    const char *data = frame->payload.data;
    size_t context = frame->options[0];
    if (context > frame->payload.size) {
        return error_set(error, STATUS_EPROTOCOL,
                         "a context of %zu bytes does not fit in the %zu bytes of its payload",
                         context, frame->payload.size);
    }
    payload->context = (struct bytes){data, context};
    payload->body = (struct bytes){data + context, frame->payload.size - context};
    return SERVER_SAYS_EXEC;
}

int goridge3_understand_server(const struct goridge3_frame *frame, struct payload *payload,
                               struct error *error)
{
    int pid;
    *payload = (struct payload){{NULL, 0}, {NULL, 0}};
    if ((frame->flags & GORIDGE3_CONTROL) != 0) {
        int meaning = control_understand(frame->payload, &pid, error);
        if (meaning < 0) {
            return meaning;
        }
        return meaning == CONTROL_PID ? SERVER_SAYS_PID : SERVER_SAYS_STOP;
    }
    if ((frame->stream & (GORIDGE3_STOP | GORIDGE3_PONG)) != 0) {
        return SERVER_SAYS_NOTHING; /* of a stream that has ended */
    }
    if ((frame->stream & GORIDGE3_PING) != 0) {
        return SERVER_SAYS_PING;
    }
    return exec_understand(frame, payload, error);
}
