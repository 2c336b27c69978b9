#include <stdio.h>

#include "control.h"
#include "goridge2.h"
#include "refusal.h"

/* What a worker sends, and nothing else. */
enum {
    NO_CONTEXT = GORIDGE2_CONTROL | GORIDGE2_EMPTY,
    CONTEXT = GORIDGE2_CONTROL | GORIDGE2_RAW,
    BODY = GORIDGE2_RAW,
    WORKER_ERROR = GORIDGE2_CONTROL | GORIDGE2_RAW | GORIDGE2_ERROR,
    CONTROL = GORIDGE2_CONTROL
};

void goridge2_joiner_init(struct goridge2_joiner *joiner, size_t limit)
{
    *joiner = (struct goridge2_joiner){.limit = limit};
}

void goridge2_joiner_free(struct goridge2_joiner *joiner)
{
    frame_buffer_free(&joiner->context);
    joiner->state = GORIDGE2_AWAITS_ANY;
}

bool goridge2_joiner_waits(const struct goridge2_joiner *joiner)
{
    return joiner->state == GORIDGE2_AWAITS_BODY;
}

static int context_add(struct goridge2_joiner *joiner, struct bytes context, struct error *error)
{
    /* the frame does not live until its body is whole: that needs room in the decoder */
    if (buffer_append(&joiner->context.bytes, context) != STATUS_OK) {
        return error_memory(error);
    }
    joiner->state = GORIDGE2_AWAITS_BODY;
    return GORIDGE2_MEANS_NOTHING_YET;
}

static int body_add(struct goridge2_joiner *joiner, struct bytes body, struct payload *payload,
                    struct error *error)
{
    struct bytes context = buffer_unread(&joiner->context.bytes);
    if (context.size > joiner->limit || body.size > joiner->limit - context.size) {
        return error_set(error, STATUS_ETOOBIG,
                         "a reply of %zu bytes of context and %zu of body came, the limit is %zu: "
                         "raise workers.max_payload_size or send less",
                         context.size, body.size, joiner->limit);
    }
    payload->context = context;
    payload->body = body;
    joiner->state = GORIDGE2_TOLD;
    /* not a control frame: a worker asks for its end by a reply of these very bytes */
    if (body.size == 0 && bytes_equal(context, bytes_of_text(CONTROL_STOP_JSON))) {
        return GORIDGE2_MEANS_STOP;
    }
    return GORIDGE2_MEANS_REPLY;
}

static int control_add(struct bytes payload, int *pid, struct error *error)
{
    int meaning = control_understand(payload, pid, error);
    if (meaning < 0) {
        return meaning;
    }
    return meaning == CONTROL_PID ? GORIDGE2_MEANS_PID : GORIDGE2_MEANS_STOP;
}

static int refuse_flags(const struct goridge2_frame *frame, struct error *error)
{
    char reason[128];
    snprintf(reason, sizeof reason,
             "expected a worker's frame (flags 0x04, 0x10, 0x12, 0x14 or 0x1c), but came flags "
             "0x%02x with",
             frame->flags);
    return refuse_quoting(error, reason, frame->payload);
}

static int refuse_order(const struct goridge2_frame *frame, struct error *error)
{
    if (frame->flags == BODY) {
        return refuse_quoting(error,
                              "expected a reply's context (flags 0x12 or 0x14), an error or a "
                              "control frame, but came a body (flags 0x04)",
                              frame->payload);
    }
    char reason[128];
    snprintf(reason, sizeof reason,
             "expected the body that follows a reply's context (flags 0x04), but came flags 0x%02x "
             "with",
             frame->flags);
    return refuse_quoting(error, reason, frame->payload);
}

static bool is_a_worker_s(uint8_t flags)
{
    return flags == NO_CONTEXT || flags == CONTEXT || flags == BODY || flags == WORKER_ERROR ||
           flags == CONTROL;
}

int goridge2_understand(struct goridge2_joiner *joiner, const struct goridge2_frame *frame,
                        struct payload *payload, int *pid, struct error *error)
{
    *payload = (struct payload){{NULL, 0}, {NULL, 0}};
    *pid = 0;
    if (joiner->state == GORIDGE2_TOLD) {
        frame_buffer_drop(&joiner->context, buffer_unread(&joiner->context.bytes).size);
        joiner->state = GORIDGE2_AWAITS_ANY;
    }
    if (!is_a_worker_s(frame->flags)) {
        return refuse_flags(frame, error);
    }
    if ((frame->flags == BODY) != goridge2_joiner_waits(joiner)) {
        return refuse_order(frame, error);
    }
    switch (frame->flags) {
    case BODY:
        return body_add(joiner, frame->payload, payload, error);
    case CONTROL:
        return control_add(frame->payload, pid, error);
    case WORKER_ERROR:
        payload->body = frame->payload;
        return GORIDGE2_MEANS_WORKER_ERROR;
    default:
        return context_add(joiner, frame->payload, error);
    }
}
