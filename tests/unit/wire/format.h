/* The two formats behind one face, for tests that must hold for each. */
#ifndef COYOTE_TESTS_UNIT_WIRE_FORMAT_H
#define COYOTE_TESTS_UNIT_WIRE_FORMAT_H

#include "wire/goridge2.h"
#include "wire/goridge3.h"

/* A decoder of either format, and the frame that it gave last. */
struct stream {
    const struct format *format;
    struct goridge2_decoder decoder2;
    struct goridge2_frame frame2;
    struct goridge2_joiner joiner2;
    struct goridge3_decoder decoder3;
    struct goridge3_frame frame3;
};

/* What a recorded talk came to; see test_replay.c. */
struct tally {
    int scenarios;
    int pids; /* server frames, written again by the functions that the server uses */
    int stops;
    int execs;
    int exec_contexts; /* second format: where an exec's context is a frame of its own */
    int others;        /* server frames that we never send, written again by their header */
    int wrong;         /* server frames that are broken on purpose */
    int cut;           /* server streams that end within a frame */
    int replies;       /* worker frames, by meaning */
    int reply_contexts;
    int errors;
    int worker_pids;
    int worker_stops;
    int noises; /* worker streams with something that is not a frame */
};

struct format {
    const char *name;
    size_t header; /* bytes of the shortest */
    void (*start)(struct stream *stream, size_t limit);
    void (*stop)(struct stream *stream);
    void *(*space)(struct stream *stream, size_t *size);
    void (*wrote)(struct stream *stream, size_t size);
    int (*next)(struct stream *stream, struct error *error);
    struct bytes (*rest)(const struct stream *stream);
    const struct buffer *(*buffer)(const struct stream *stream);
    struct bytes (*payload)(const struct stream *stream);
    /* Writes the last frame down again by its header. */
    void (*append_frame)(const struct stream *stream, struct buffer *to);
    /* The same, by the functions that the server uses where there is one. */
    void (*append_as_server)(const struct stream *stream, struct buffer *to, struct tally *tally);
    /* Understands the last frame as a worker's. */
    void (*understand)(struct stream *stream, struct tally *tally);
    /* A frame alone that holds this. */
    void (*append_body)(struct buffer *to, struct bytes body);
    /* The header of a frame with a payload of so many bytes; its size. */
    size_t (*put_header)(uint8_t *header, uint32_t size);
    /* Frames of every shape, empty ones too, behind one another; how many. */
    size_t (*append_examples)(struct buffer *to);
};

extern const struct format format_goridge2;
extern const struct format format_goridge3;

/* For loop tests, 0 to FORMATS - 1. */
enum { FORMATS = 2 };
const struct format *format_at(int index);

struct stream stream_start(const struct format *format, size_t limit);
void stream_stop(struct stream *stream);

/* Writes all of it, as reads of whatever room there is would. */
void stream_feed(struct stream *stream, struct bytes bytes);

#endif
