/* What a decoder holds: bytes that came, the frame at their front that was given out, and when to
   give memory back. For the codecs of this folder; others go through their decoder. */
#ifndef COYOTE_WIRE_FRAME_BUFFER_H
#define COYOTE_WIRE_FRAME_BUFFER_H

#include <stdbool.h>

#include "base/buffer.h"

/* Start with `struct frame_buffer frames = {0}`. */
struct frame_buffer {
    struct buffer bytes;
    size_t handed_out; /* bytes of the frame that was given out last, still at the front */
    size_t quiet;      /* small frames since the last large one */
    size_t trust;      /* so much room at most is made on a stated length alone; 0: any */
    bool terminates;   /* room is made for frame_buffer_terminate */
    bool terminated;   /* behind the frame that was given out stands a NUL ... */
    char hidden;       /* ... in the place of this */
};

void frame_buffer_free(struct frame_buffer *frames);

/* What came and was not given out. */
struct bytes frame_buffer_rest(const struct frame_buffer *frames);

/* Room for at least *size bytes: 4096, or what a frame of `whole` bytes lacks if that is more (0:
   its size is not known). NULL when memory ran out. Only after frame_buffer_release. */
void *frame_buffer_space(struct frame_buffer *frames, size_t whole, size_t *size);

/* The first `size` bytes are a frame; they live until frame_buffer_release. */
void frame_buffer_hand_out(struct frame_buffer *frames, size_t size);
void frame_buffer_release(struct frame_buffer *frames);

/* Puts a NUL behind what was given out last, for those who take it for a string; until
   frame_buffer_release. With `terminates` alone. */
void frame_buffer_terminate(struct frame_buffer *frames);

/* Drops `size` bytes at the front, which were one frame. */
void frame_buffer_drop(struct frame_buffer *frames, size_t size);

#endif
