#include <stdio.h>

#include "control.h"
#include "goridge2.h"
#include "refusal.h"

/* What a server sends, and nothing else. */
enum {
    NO_CONTEXT = GORIDGE2_CONTROL | GORIDGE2_EMPTY,
    CONTEXT = GORIDGE2_CONTROL | GORIDGE2_RAW,
    CONTROL = GORIDGE2_CONTROL,
    BODY = 0,
    RAW_BODY = GORIDGE2_RAW,
    NO_BODY = GORIDGE2_EMPTY
};

/* The frame does not live until its body is whole; a NUL goes behind it, which is not counted. */
static int context_keep(struct goridge2_joiner *joiner, struct bytes context, struct error *error)
{
    char *room = buffer_reserve(&joiner->context.bytes, context.size + 1);
    if (room == NULL) {
        return error_memory(error);
    }
    buffer_append(&joiner->context.bytes, context); /* fits */
    room[context.size] = '\0';
    joiner->state = GORIDGE2_AWAITS_BODY;
    return SERVER_SAYS_NOTHING;
}

static int refuse_flags(const struct goridge2_joiner *joiner, const struct goridge2_frame *frame,
                        struct error *error)
{
    char reason[160];
    snprintf(reason, sizeof reason, "expected %s, but came flags 0x%02x with",
             goridge2_joiner_waits(joiner)
                 ? "the body that follows a context (flags 0x00)"
                 : "a server's frame (a context with flags 0x14, or control with 0x10)",
             frame->flags);
    return refuse_quoting(error, reason, frame->payload);
}

static int control_understand_server(struct bytes payload, struct error *error)
{
    int pid;
    int meaning = control_understand(payload, &pid, error);
    if (meaning < 0) {
        return meaning;
    }
    return meaning == CONTROL_PID ? SERVER_SAYS_PID : SERVER_SAYS_STOP;
}

int goridge2_understand_server(struct goridge2_joiner *joiner, const struct goridge2_frame *frame,
                               struct payload *payload, struct error *error)
{
    *payload = (struct payload){{NULL, 0}, {NULL, 0}};
    if (joiner->state == GORIDGE2_TOLD) {
        frame_buffer_drop(&joiner->context, buffer_unread(&joiner->context.bytes).size);
        joiner->state = GORIDGE2_AWAITS_ANY;
    }
    bool waits = goridge2_joiner_waits(joiner);
    switch (frame->flags) {
    case NO_CONTEXT:
    case CONTEXT:
        return waits ? refuse_flags(joiner, frame, error)
                     : context_keep(joiner, frame->payload, error);
    case CONTROL:
        return waits ? refuse_flags(joiner, frame, error)
                     : control_understand_server(frame->payload, error);
    case BODY:
    case RAW_BODY:
    case NO_BODY:
        if (!waits) {
            return refuse_flags(joiner, frame, error);
        }
        payload->context = buffer_unread(&joiner->context.bytes);
        payload->body = frame->payload;
        joiner->state = GORIDGE2_TOLD;
        return SERVER_SAYS_EXEC;
    default:
        return refuse_flags(joiner, frame, error);
    }
}
