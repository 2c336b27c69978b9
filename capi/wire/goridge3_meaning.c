#include <jansson.h>
#include <limits.h>
#include <stdlib.h>

#include "goridge3.h"
#include "goridge3_layout.h"

enum { QUOTE_MOST = 200, UNDEFINED_FLAG = 0x02 };

static int refuse(struct error *error, const char *reason, struct bytes bytes)
{
    if (error == NULL) {
        return STATUS_EPROTOCOL;
    }
    char *quoted = bytes_quote(bytes, QUOTE_MOST);
    error_set(error, STATUS_EPROTOCOL, "%s: %s", reason,
              quoted == NULL ? "(no memory to quote it)" : quoted);
    free(quoted);
    return STATUS_EPROTOCOL;
}

static int control_pid(const json_t *value, struct bytes bytes, int *pid, struct error *error)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 1 || number > INT_MAX) {
        return refuse(error, "a control frame's pid is not a process id", bytes);
    }
    *pid = (int)number;
    return GORIDGE3_MEANS_PID;
}

static int control_understand(struct bytes bytes, int *pid, struct error *error)
{
    json_error_t reason;
    json_t *control = json_loadb(bytes.data, bytes.size, 0, &reason);
    if (!json_is_object(control)) {
        json_decref(control);
        return refuse(error, "a control frame must hold a JSON object, but came", bytes);
    }
    int meaning = STATUS_EPROTOCOL;
    const json_t *stated_pid = json_object_get(control, "pid");
    if (stated_pid != NULL) {
        meaning = control_pid(stated_pid, bytes, pid, error);
    } else if (json_is_true(json_object_get(control, "stop"))) {
        meaning = GORIDGE3_MEANS_STOP;
    } else {
        refuse(error, "a control frame must say {\"pid\":N} or {\"stop\":true}, but came", bytes);
    }
    json_decref(control);
    return meaning;
}

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
        bytes_equal(payload->context, bytes_of_text(GORIDGE3_STOP_JSON))) {
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
        return control_understand(frame->payload, pid, error);
    }
    if ((frame->flags & GORIDGE3_ERROR) != 0) {
        payload->body = frame->payload;
        return GORIDGE3_MEANS_WORKER_ERROR;
    }
    return reply_understand(frame, payload, more, error);
}
