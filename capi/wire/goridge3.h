/* The goridge frame, third format, byte for byte: what RoadRunner 2 and later speak with workers.
   Format: https://github.com/roadrunner-php/goridge, pkg/frame and src/Frame.php. Pure functions.
 */
#ifndef COYOTE_WIRE_GORIDGE3_H
#define COYOTE_WIRE_GORIDGE3_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "payload/payload.h"
#include "wire/frame_buffer.h"
#include "wire/server_order.h"

enum {
    GORIDGE3_CONTROL = 0x01,
    GORIDGE3_RAW = 0x04,
    GORIDGE3_JSON = 0x08,
    GORIDGE3_MSGPACK = 0x10,
    GORIDGE3_GOB = 0x20,
    GORIDGE3_ERROR = 0x40,
    GORIDGE3_PROTO = 0x80
};

/* Byte 10. Test bits, never compare the byte. */
enum { GORIDGE3_STREAM = 0x01, GORIDGE3_STOP = 0x02, GORIDGE3_PING = 0x04, GORIDGE3_PONG = 0x08 };

enum { GORIDGE3_HEADER = 12, GORIDGE3_OPTIONS_MAX = 10, GORIDGE3_HEADER_MAX = 12 + 4 * 10 };

struct goridge3_frame {
    uint8_t flags;
    uint8_t stream; /* byte 10 */
    uint8_t option_count;
    uint32_t options[GORIDGE3_OPTIONS_MAX];
    struct bytes payload; /* borrowed */
};

/* Writes header and options (12 + 4 * option_count bytes); the payload of payload_size bytes
   follows on the wire. Returns the header's size. */
size_t goridge3_header(uint8_t header[static GORIDGE3_HEADER_MAX], uint8_t flags, uint8_t stream,
                       const uint32_t *options, uint8_t option_count, uint32_t payload_size);

/* The header of an exec or reply: one option, the context's length; context, then body follow. Both
   together must fit 32 bits: payload_check comes first. */
size_t goridge3_payload_header(uint8_t header[static GORIDGE3_HEADER_MAX],
                               const struct payload *payload);

/* A whole control frame, `{"pid":N}` or `{"stop":true}`, as the server sends it. */
int goridge3_append_pid(struct buffer *to, int pid);
int goridge3_append_stop(struct buffer *to);

/* --- decoding, fed in any chunks --- */

struct goridge3_decoder {
    size_t limit; /* of a frame's payload */
    struct frame_buffer frames;
};

void goridge3_decoder_init(struct goridge3_decoder *decoder, size_t limit);
void goridge3_decoder_free(struct goridge3_decoder *decoder);

/* Where to read the next bytes into: at least *size = 4096 bytes, or the whole rest of the frame
   that has begun, whichever is more. NULL when memory ran out. Ends the life of the last frame. */
void *goridge3_decoder_space(struct goridge3_decoder *decoder, size_t *size);
void goridge3_decoder_wrote(struct goridge3_decoder *decoder, size_t size);

/* 1: *frame is whole; it lives until the next call on this decoder. 0: more bytes are needed.
   STATUS_EPROTOCOL: not a frame (version, header length, CRC); STATUS_ETOOBIG: payload above the
   limit; both say what was expected, what came, and quote bytes, and the decoder stays broken.
   `Could not open input file` and PHP's other first words are recognised as such. A wrong first
   byte is told at once: read on a little and ask again, and the error quotes what came since. */
int goridge3_decoder_next(struct goridge3_decoder *decoder, struct goridge3_frame *frame,
                          struct error *error);

/* What has come of a frame that is not whole: for messages about a cut-off stream. */
struct bytes goridge3_decoder_rest(const struct goridge3_decoder *decoder);

/* --- what a worker's frame means --- */

enum goridge3_meaning {
    GORIDGE3_MEANS_REPLY,        /* *payload is the answer, or a part of it when *more */
    GORIDGE3_MEANS_WORKER_ERROR, /* payload->body is the message */
    GORIDGE3_MEANS_PID,          /* *pid */
    GORIDGE3_MEANS_STOP          /* the worker asks to be stopped */
};

/* enum goridge3_meaning, or STATUS_EPROTOCOL (wrong number of options, option beyond the payload,
   control that is not JSON or says nothing known), with the reason. */
int goridge3_understand(const struct goridge3_frame *frame, struct payload *payload, bool *more,
                        int *pid, struct error *error);

/* --- the worker's side --- */

/* enum server_order, or STATUS_EPROTOCOL (no option, an option beyond the payload, control that is not
   JSON or says nothing known), with the reason. Of several options the first counts. */
int goridge3_understand_server(const struct goridge3_frame *frame, struct payload *payload,
                               struct error *error);

/* Whole frames, as workers send them. A reply has the header of an exec. */
int goridge3_append_worker_pid(struct buffer *to, int pid);
int goridge3_append_worker_stop(struct buffer *to);
size_t goridge3_error_header(uint8_t header[static GORIDGE3_HEADER_MAX], uint32_t message_size);

#endif
