#include <string.h>
#include <zlib.h>

#include "control.h"
#include "goridge3.h"
#include "goridge3_layout.h"

static void put_u32(uint8_t *to, uint32_t value)
{
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
    to[2] = (uint8_t)(value >> 16);
    to[3] = (uint8_t)(value >> 24);
}

uint32_t goridge3_crc(const uint8_t *header)
{
    return (uint32_t)crc32(0, header, OFFSET_CRC);
}

size_t goridge3_header(uint8_t header[static GORIDGE3_HEADER_MAX], uint8_t flags, uint8_t stream,
                       const uint32_t *options, uint8_t option_count, uint32_t payload_size)
{
    header[OFFSET_VERSION] = (uint8_t)(VERSION << 4 | (WORDS_WITHOUT_OPTIONS + option_count));
    header[OFFSET_FLAGS] = flags;
    put_u32(header + OFFSET_SIZE, payload_size);
    put_u32(header + OFFSET_CRC, goridge3_crc(header));
    header[OFFSET_STREAM] = stream;
    header[OFFSET_RESERVED] = 0;
    for (size_t i = 0; i < option_count; i++) {
        put_u32(header + GORIDGE3_HEADER + 4 * i, options[i]);
    }
    return GORIDGE3_HEADER + (size_t)4 * option_count;
}

size_t goridge3_payload_header(uint8_t header[static GORIDGE3_HEADER_MAX],
                               const struct payload *payload)
{
    uint32_t context = (uint32_t)payload->context.size;
    return goridge3_header(header, 0, 0, &context, 1, (uint32_t)payload_size(payload));
}

/* In one piece or not at all: half a frame in the buffer would spoil all that follows. */
static int append_frame(struct buffer *to, const uint8_t *header, size_t header_size,
                        const char *json, size_t size)
{
    char *room = buffer_reserve(to, header_size + size);
    if (room == NULL) {
        return STATUS_EMEMORY;
    }
    memcpy(room, header, header_size);
    memcpy(room + header_size, json, size);
    buffer_wrote(to, header_size + size);
    return STATUS_OK;
}

static int append_control(struct buffer *to, uint8_t flags, const char *json, size_t size)
{
    uint8_t header[GORIDGE3_HEADER_MAX];
    size_t header_size = goridge3_header(header, flags, 0, NULL, 0, (uint32_t)size);
    return append_frame(to, header, header_size, json, size);
}

int goridge3_append_pid(struct buffer *to, int pid)
{
    char json[CONTROL_PID_SIZE];
    return append_control(to, GORIDGE3_CONTROL | GORIDGE3_JSON, json, control_print_pid(json, pid));
}

int goridge3_append_stop(struct buffer *to)
{
    static const char json[] = CONTROL_STOP_JSON;
    return append_control(to, GORIDGE3_CONTROL | GORIDGE3_JSON, json, sizeof json - 1);
}

int goridge3_append_worker_pid(struct buffer *to, int pid)
{
    char json[CONTROL_PID_SIZE];
    return append_control(to, GORIDGE3_CONTROL, json, control_print_pid(json, pid));
}

int goridge3_append_worker_stop(struct buffer *to)
{
    uint8_t header[GORIDGE3_HEADER_MAX];
    const struct payload stop = {.context = bytes_of_text(CONTROL_STOP_JSON)};
    return append_frame(to, header, goridge3_payload_header(header, &stop), CONTROL_STOP_JSON,
                        stop.context.size);
}

size_t goridge3_error_header(uint8_t header[static GORIDGE3_HEADER_MAX], uint32_t message_size)
{
    return goridge3_header(header, GORIDGE3_ERROR, 0, NULL, 0, message_size);
}
