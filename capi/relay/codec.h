/* A protocol between server and worker: messages out become frames, bytes in become messages. */
#ifndef COYOTE_RELAY_CODEC_H
#define COYOTE_RELAY_CODEC_H

#include "relay/ends/frame_writer.h"
#include "relay/relay.h"

struct codec;

struct codec_class {
    /* Whether workers of this protocol can take the payload; STATUS_EINVAL with the reason. */
    int (*check)(const struct payload *payload, struct error *error);
    int (*put_pid)(struct codec *codec, struct frame_writer *writer, struct error *error);
    /* The payload's bytes are borrowed until they are written. */
    int (*put_exec)(struct codec *codec, struct frame_writer *writer, const struct payload *payload,
                    struct error *error);
    int (*put_stop)(struct codec *codec, struct frame_writer *writer, struct error *error);
    /* Where to read the next bytes into; ends the life of the last message. NULL: no memory. */
    void *(*space)(struct codec *codec, size_t *size);
    void (*wrote)(struct codec *codec, size_t size);
    /* 1: *message, borrowed until the next call. 0: more bytes are needed. Or a status. */
    int (*next)(struct codec *codec, struct relay_message *message, struct error *error);
    /* What the protocol itself has to answer to what has come (a PING), if anything. */
    int (*put_answers)(struct codec *codec, struct frame_writer *writer, struct error *error);
    /* Another limit from the next message on. */
    void (*set_limit)(struct codec *codec, size_t limit);
    /* What has come of a message that is not whole. */
    struct bytes (*rest)(const struct codec *codec);
    void (*free)(struct codec *codec);
};

/* The base of each codec: the first member of its struct. */
struct codec {
    const struct codec_class *class;
};

/* limit: of a message's size, both ways. NULL when memory ran out. */
struct codec *codec_goridge2_new(size_t limit);
struct codec *codec_goridge3_new(size_t limit);

#endif
