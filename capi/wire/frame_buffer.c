#include "frame_buffer.h"

enum {
    READ_AHEAD = 4096,       /* what frame_buffer_space gives at the least */
    KEEP_CAPACITY = 1 << 20, /* memory above it is given back ... */
    QUIET_FRAMES = 16        /* ... after so many frames that did not need it */
};

void frame_buffer_free(struct frame_buffer *frames)
{
    buffer_free(&frames->bytes);
    *frames = (struct frame_buffer){0};
}

struct bytes frame_buffer_rest(const struct frame_buffer *frames)
{
    struct bytes unread = buffer_unread(&frames->bytes);
    if (unread.size > 0) {
        unread.data = (const char *)unread.data + frames->handed_out;
        unread.size -= frames->handed_out;
    }
    return unread;
}

void *frame_buffer_space(struct frame_buffer *frames, size_t whole, size_t *size)
{
    size_t there = buffer_unread(&frames->bytes).size;
    size_t wanted = whole > there && whole - there > READ_AHEAD ? whole - there : READ_AHEAD;
    if (frames->trust > 0 && wanted > frames->trust && wanted > there) {
        wanted = there > frames->trust ? there : frames->trust; /* doubled by what has come */
    }
    size_t kept_back = frames->terminates ? 1 : 0;
    void *room = buffer_reserve(&frames->bytes, wanted + kept_back);
    *size = room == NULL ? 0 : frames->bytes.capacity - frames->bytes.end - kept_back;
    return room;
}

void frame_buffer_hand_out(struct frame_buffer *frames, size_t size)
{
    frames->handed_out = size;
}

void frame_buffer_terminate(struct frame_buffer *frames)
{
    char *behind = frames->bytes.data + frames->bytes.start + frames->handed_out;
    frames->hidden = *behind;
    frames->terminated = true;
    *behind = '\0';
}

void frame_buffer_release(struct frame_buffer *frames)
{
    if (frames->terminated) {
        frames->bytes.data[frames->bytes.start + frames->handed_out] = frames->hidden;
        frames->terminated = false;
    }
    if (frames->handed_out > 0) {
        frame_buffer_drop(frames, frames->handed_out);
        frames->handed_out = 0;
    }
}

void frame_buffer_drop(struct frame_buffer *frames, size_t size)
{
    frames->quiet = size > KEEP_CAPACITY / 2 ? 0 : frames->quiet + 1;
    buffer_consume(&frames->bytes, size);
    /* one large reply must not hold its memory for the rest of a worker's life */
    if (frames->quiet >= QUIET_FRAMES && frames->bytes.capacity > KEEP_CAPACITY &&
        buffer_unread(&frames->bytes).size == 0) {
        buffer_free(&frames->bytes);
    }
}
