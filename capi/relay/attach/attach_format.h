/* A format of goridge as a worker speaks it: bytes in become orders, answers become frames. */
#ifndef COYOTE_RELAY_ATTACH_ATTACH_FORMAT_H
#define COYOTE_RELAY_ATTACH_ATTACH_FORMAT_H

#include "relay/ends/frame_writer.h"
#include "wire/goridge2.h"
#include "wire/goridge3.h"

struct attach_format;

struct attach_format_class {
    void *(*space)(struct attach_format *format, size_t *size);
    void (*wrote)(struct attach_format *format, size_t size);
    /* enum server_order, of SERVER_SAYS_EXEC the payload, borrowed until the next call on the format;
       SERVER_SAYS_NOTHING: more bytes are needed; or a status. */
    int (*next)(struct attach_format *format, struct payload *payload, struct error *error);
    struct bytes (*rest)(const struct attach_format *format);
    /* Whether a message has begun that is not whole. */
    bool (*amid)(const struct attach_format *format);
    /* The bytes are borrowed until they are written. 0 or a status, and nothing was put then. */
    int (*put_reply)(struct frame_writer *writer, const struct payload *reply, struct error *error);
    int (*put_error)(struct frame_writer *writer, struct bytes message, struct error *error);
    int (*put_pid)(struct frame_writer *writer, struct error *error);
    int (*put_stop)(struct frame_writer *writer, struct error *error);
    int (*put_pong)(struct frame_writer *writer, struct error *error);
};

/* Both formats' decoders: which one is needed is known from the first bytes on. */
struct attach_format {
    const struct attach_format_class *class;
    struct goridge2_decoder goridge2;
    struct goridge2_joiner joiner;
    struct goridge3_decoder goridge3;
    struct frame_buffer context; /* of the third format's payload, with its NUL */
};

extern const struct attach_format_class attach_goridge2;
extern const struct attach_format_class attach_goridge3;

/* Speaks the third format until attach_format_recognise knows better. */
void attach_format_init(struct attach_format *format);
void attach_format_free(struct attach_format *format);

/* By the first bytes that have come. 1: it is known; 0: not enough has come; STATUS_EMEMORY. */
int attach_format_recognise(struct attach_format *format, struct error *error);

/* What came is no frame: its status again, with words that quote the bytes. */
int attach_format_refuse(int status, const char *name, struct bytes came, struct error *error);

#endif
