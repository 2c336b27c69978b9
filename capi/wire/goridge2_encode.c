#include <string.h>

#include "control.h"
#include "goridge2.h"
#include "goridge2_layout.h"

void goridge2_header(uint8_t header[static GORIDGE2_HEADER], uint8_t flags, uint64_t payload_size)
{
    header[OFFSET_FLAGS] = flags;
    for (size_t i = 0; i < 8; i++) {
        uint8_t byte = (uint8_t)(payload_size >> (8 * i));
        header[OFFSET_SIZE + i] = byte;
        header[OFFSET_SIZE_AGAIN + 7 - i] = byte;
    }
}

int goridge2_check(const struct payload *payload, struct error *error)
{
    if (payload->body.size > 0) {
        return STATUS_OK;
    }
    return error_set(error, STATUS_EINVAL,
                     "a worker of protocol v2 takes an empty body for a stop: send a body, or use "
                     "protocol v3");
}

void goridge2_payload_headers(uint8_t context_header[static GORIDGE2_HEADER],
                              uint8_t body_header[static GORIDGE2_HEADER],
                              const struct payload *payload)
{
    goridge2_header(context_header, GORIDGE2_CONTROL | GORIDGE2_RAW, payload->context.size);
    goridge2_header(body_header, 0, payload->body.size);
}

/* In one piece or not at all: half a frame in the buffer would spoil all that follows. */
static int append_control(struct buffer *to, const char *json, size_t size)
{
    uint8_t *room = buffer_reserve(to, GORIDGE2_HEADER + size);
    if (room == NULL) {
        return STATUS_EMEMORY;
    }
    goridge2_header(room, GORIDGE2_CONTROL, size);
    memcpy(room + GORIDGE2_HEADER, json, size);
    buffer_wrote(to, GORIDGE2_HEADER + size);
    return STATUS_OK;
}

int goridge2_append_pid(struct buffer *to, int pid)
{
    char json[CONTROL_PID_SIZE];
    return append_control(to, json, control_print_pid(json, pid));
}

int goridge2_append_stop(struct buffer *to)
{
    static const char json[] = CONTROL_STOP_JSON;
    return append_control(to, json, sizeof json - 1);
}

void goridge2_reply_headers(uint8_t context_header[static GORIDGE2_HEADER],
                            uint8_t body_header[static GORIDGE2_HEADER],
                            const struct payload *payload)
{
    uint8_t flag = payload->context.size > 0 ? GORIDGE2_RAW : GORIDGE2_EMPTY;
    goridge2_header(context_header, GORIDGE2_CONTROL | flag, payload->context.size);
    goridge2_header(body_header, GORIDGE2_RAW, payload->body.size);
}

int goridge2_append_worker_stop(struct buffer *to)
{
    const struct payload stop = {.context = bytes_of_text(CONTROL_STOP_JSON)};
    uint8_t *room = buffer_reserve(to, (size_t)2 * GORIDGE2_HEADER + stop.context.size);
    if (room == NULL) {
        return STATUS_EMEMORY;
    }
    goridge2_reply_headers(room, room + GORIDGE2_HEADER + stop.context.size, &stop);
    memcpy(room + GORIDGE2_HEADER, stop.context.data, stop.context.size);
    buffer_wrote(to, (size_t)2 * GORIDGE2_HEADER + stop.context.size);
    return STATUS_OK;
}

void goridge2_error_header(uint8_t header[static GORIDGE2_HEADER], uint64_t message_size)
{
    goridge2_header(header, GORIDGE2_CONTROL | GORIDGE2_RAW | GORIDGE2_ERROR, message_size);
}
