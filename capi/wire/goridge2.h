/* The goridge frame, second format, byte for byte: what RoadRunner 1 speaks with workers.
   Format: https://github.com/spiral/goridge-php, branch 2.x, src/StreamRelay.php. Pure functions.

   A frame is a header of 17 bytes and the payload. An exec is always two frames, `14` + context and
   `00` + body (a worker that gets no context frame takes the one before); so is a reply, `12` (no
   context) or `14` + context, then `04` + body. No write may end inside a header: on pipes that
   kills the worker. */
#ifndef COYOTE_WIRE_GORIDGE2_H
#define COYOTE_WIRE_GORIDGE2_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "payload/payload.h"
#include "wire/frame_buffer.h"
#include "wire/server_order.h"

enum { GORIDGE2_EMPTY = 0x02, GORIDGE2_RAW = 0x04, GORIDGE2_ERROR = 0x08, GORIDGE2_CONTROL = 0x10 };

enum { GORIDGE2_HEADER = 17 };

struct goridge2_frame {
    uint8_t flags;
    struct bytes payload; /* borrowed */
};

/* The payload of payload_size bytes follows on the wire. */
void goridge2_header(uint8_t header[static GORIDGE2_HEADER], uint8_t flags, uint64_t payload_size);

/* Whether a worker of this format can take it as an exec: 0, or STATUS_EINVAL with the reason for
   an empty body, which such workers take for a stop. (The body "0" is fine here, but ends the loops
   of PHP code that test it for truth instead of for null.) */
int goridge2_check(const struct payload *payload, struct error *error);

/* The two headers of an exec. On the wire: context header, context, body header, body. */
void goridge2_payload_headers(uint8_t context_header[static GORIDGE2_HEADER],
                              uint8_t body_header[static GORIDGE2_HEADER],
                              const struct payload *payload);

/* A whole control frame, `{"pid":N}` or `{"stop":true}`, as the server sends it. 0 or
   STATUS_EMEMORY. */
int goridge2_append_pid(struct buffer *to, int pid);
int goridge2_append_stop(struct buffer *to);

/* --- decoding, fed in any chunks --- */

struct goridge2_decoder {
    size_t limit; /* of a frame's payload */
    struct frame_buffer frames;
};

void goridge2_decoder_init(struct goridge2_decoder *decoder, size_t limit);
void goridge2_decoder_free(struct goridge2_decoder *decoder);

/* Where to read the next bytes into: at least *size = 4096 bytes, or the whole rest of the frame
   that has begun, whichever is more. NULL when memory ran out. Ends the life of the last frame. */
void *goridge2_decoder_space(struct goridge2_decoder *decoder, size_t *size);
void goridge2_decoder_wrote(struct goridge2_decoder *decoder, size_t size);

/* 1: *frame is whole; it lives until the next call on this decoder. 0: more bytes are needed.
   STATUS_EPROTOCOL: not a frame (flags, the two lengths differ); STATUS_ETOOBIG: payload above the
   limit; both say what was expected, what came, and quote bytes, and the decoder stays broken.
   Printed text, PHP's own messages above all, is recognised as such: workers of this format do not
   keep it from the channel. Wrong flags are told at once: read on a little and ask again, and the
   error quotes what came since. */
int goridge2_decoder_next(struct goridge2_decoder *decoder, struct goridge2_frame *frame,
                          struct error *error);

/* What has come of a frame that is not whole: for messages about a cut-off stream. */
struct bytes goridge2_decoder_rest(const struct goridge2_decoder *decoder);

/* --- what a worker's frames mean --- */

/* Keeps a reply's context until its body comes. */
struct goridge2_joiner {
    size_t limit; /* of context and body together */
    enum goridge2_await {
        GORIDGE2_AWAITS_ANY,
        GORIDGE2_AWAITS_BODY,
        GORIDGE2_TOLD /* as the first, but the context that was given out last is still kept */
    } state;
    struct frame_buffer context;
};

void goridge2_joiner_init(struct goridge2_joiner *joiner, size_t limit);
void goridge2_joiner_free(struct goridge2_joiner *joiner);

/* A context came, its body did not: the end of the stream is a cut reply. */
bool goridge2_joiner_waits(const struct goridge2_joiner *joiner);

enum goridge2_meaning {
    GORIDGE2_MEANS_NOTHING_YET,  /* a reply's context; its body is the next frame */
    GORIDGE2_MEANS_REPLY,        /* *payload is the answer; no context and an empty one are alike */
    GORIDGE2_MEANS_WORKER_ERROR, /* payload->body is the message */
    GORIDGE2_MEANS_PID,          /* *pid */
    GORIDGE2_MEANS_STOP          /* the worker asks to be stopped */
};

/* enum goridge2_meaning; STATUS_EPROTOCOL (flags that no worker sends, a body without a context, no
   body after a context, control that is not JSON or says nothing known), STATUS_ETOOBIG (context
   and body together) or STATUS_EMEMORY, with the reason. The context of *payload lives until the
   next call on the joiner, the rest as long as the frame. */
int goridge2_understand(struct goridge2_joiner *joiner, const struct goridge2_frame *frame,
                        struct payload *payload, int *pid, struct error *error);

/* --- the worker's side --- */

/* enum server_order; STATUS_EPROTOCOL (flags that no server sends, a body without a context, no body
   after a context, control that is not JSON or says nothing known) or STATUS_EMEMORY, with the
   reason. The context of *payload, which a NUL follows, lives until the next call on the joiner, the
   body as long as the frame. */
int goridge2_understand_server(struct goridge2_joiner *joiner, const struct goridge2_frame *frame,
                               struct payload *payload, struct error *error);

/* The two headers of a reply. On the wire: context header, context, body header, body. */
void goridge2_reply_headers(uint8_t context_header[static GORIDGE2_HEADER],
                            uint8_t body_header[static GORIDGE2_HEADER],
                            const struct payload *payload);

/* Whole frames, as workers send them: the stop is a reply, in two. Their pid is as the server's. */
int goridge2_append_worker_stop(struct buffer *to);
void goridge2_error_header(uint8_t header[static GORIDGE2_HEADER], uint64_t message_size);

#endif
