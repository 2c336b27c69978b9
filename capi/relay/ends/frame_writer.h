/* Frames on their way into a pipe or a socket. */
#ifndef COYOTE_RELAY_ENDS_FRAME_WRITER_H
#define COYOTE_RELAY_ENDS_FRAME_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/error.h"

/* Room for a header, or for the whole of a control frame such as {"stop":true}. */
enum { FRAME_HEADER = 64 };

struct frame {
    unsigned char header[FRAME_HEADER]; /* of a control frame: all of it */
    size_t header_size;
    struct bytes parts[2]; /* borrowed: context, body */
    bool starts;           /* an exec, or the first frame of one */
    bool counts;           /* an exec, or the last frame of one */
};

struct iovec;

/* A ring of frames, grown when more wait than ever before. */
struct frame_writer {
    int fd;
    /* Where the descriptor may block: as writev, but EAGAIN instead. NULL: quiet_writev. */
    ssize_t (*write)(int fd, const struct iovec *parts, int count);
    struct frame *frames;
    size_t capacity; /* a power of two */
    size_t first;
    size_t count;
    size_t written; /* bytes of the first frame that are gone */
    size_t execs;   /* frames in the ring that count */
};

/* Room for so many more frames: then adding them can't fail. 0 or STATUS_EMEMORY. */
int frame_writer_reserve(struct frame_writer *writer, size_t count);

/* A frame to fill in, at the back; NULL when memory ran out. */
struct frame *frame_writer_add(struct frame_writer *writer);

/* A frame that is all header. Written straight into its place, so that a worker can be asked to
   stop when there is no memory left. */
int frame_writer_add_control(struct frame_writer *writer, int (*append)(struct buffer *, int),
                             int value, struct error *error);

/* Whether an exec has left in part. */
bool frame_writer_amid_exec(const struct frame_writer *writer);

/* Copies what is borrowed, so that it may go before it is written. 0, or STATUS_EMEMORY with all as it
   was. `to` is empty, and stays until all is written. */
int frame_writer_keep(struct frame_writer *writer, struct buffer *to);

/* Drops all frames. */
void frame_writer_reset(struct frame_writer *writer);

/* Writes what the pipe takes. 0: all is written. 1: it is full. STATUS_ESYSTEM: it is broken.

   One rule above all: PHP's workers read a header by a single read and die when it comes in two
   pieces. So a header always goes out inside a write of at most PIPE_BUF bytes, which the kernel
   makes atomic; what follows a header may be split at will. */
int frame_writer_flush(struct frame_writer *writer, struct error *error);

void frame_writer_free(struct frame_writer *writer);

#endif
