#include "relay/ends/frame_writer.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "relay/ends/quiet_write.h"

enum { SMALLEST_RING = 4, PARTS_A_FRAME = 3, FRAMES_A_WRITE = 32 };

/* What the next writev takes. */
struct gathered {
    struct iovec parts[FRAMES_A_WRITE * PARTS_A_FRAME];
    int count;
    size_t size;
};

static struct frame *frame_at(const struct frame_writer *writer, size_t index)
{
    return &writer->frames[(writer->first + index) & (writer->capacity - 1)];
}

static size_t frame_size(const struct frame *frame)
{
    return frame->header_size + frame->parts[0].size + frame->parts[1].size;
}

static int ring_grow(struct frame_writer *writer)
{
    size_t capacity = writer->capacity == 0 ? SMALLEST_RING : writer->capacity * 2;
    struct frame *frames = malloc(capacity * sizeof *frames);
    if (frames == NULL) {
        return STATUS_EMEMORY;
    }
    for (size_t i = 0; i < writer->count; i++) {
        frames[i] = *frame_at(writer, i);
    }
    free(writer->frames);
    writer->frames = frames;
    writer->capacity = capacity;
    writer->first = 0;
    return STATUS_OK;
}

int frame_writer_reserve(struct frame_writer *writer, size_t count)
{
    while (writer->capacity - writer->count < count) {
        if (ring_grow(writer) != STATUS_OK) {
            return STATUS_EMEMORY;
        }
    }
    return STATUS_OK;
}

struct frame *frame_writer_add(struct frame_writer *writer)
{
    if (frame_writer_reserve(writer, 1) != STATUS_OK) {
        return NULL;
    }
    struct frame *frame = frame_at(writer, writer->count++);
    *frame = (struct frame){0};
    return frame;
}

int frame_writer_add_control(struct frame_writer *writer, int (*append)(struct buffer *, int),
                             int value, struct error *error)
{
    struct frame *frame = frame_writer_add(writer);
    if (frame == NULL) {
        return error_memory(error);
    }
    struct buffer bytes = {.data = (char *)frame->header, .capacity = sizeof frame->header};
    append(&bytes, value); /* fits: see FRAME_HEADER */
    frame->header_size = buffer_unread(&bytes).size;
    return STATUS_OK;
}

/* Adds the bytes of a frame from `skip` on, `most` at most. */
static void gather(struct gathered *to, const struct frame *frame, size_t skip, size_t most)
{
    const struct bytes parts[PARTS_A_FRAME] = {
        {frame->header, frame->header_size}, frame->parts[0], frame->parts[1]};
    for (int i = 0; i < PARTS_A_FRAME && most > 0; i++) {
        if (skip >= parts[i].size) {
            skip -= parts[i].size;
            continue;
        }
        size_t size = parts[i].size - skip;
        size = size < most ? size : most;
        to->parts[to->count++] = (struct iovec){(char *)(uintptr_t)parts[i].data + skip, size};
        to->size += size;
        most -= size;
        skip = 0;
    }
}

static void gather_write(const struct frame_writer *writer, struct gathered *to)
{
    const struct frame *first = frame_at(writer, 0);
    size_t left = frame_size(first) - writer->written;
    bool header_is_out = writer->written >= first->header_size;
    gather(to, first, writer->written, header_is_out || left <= PIPE_BUF ? left : PIPE_BUF);
    /* Whole frames behind it, while the write stays atomic. */
    for (size_t i = 1; i < writer->count && i < FRAMES_A_WRITE; i++) {
        const struct frame *frame = frame_at(writer, i);
        if (to->size < left || to->size + frame_size(frame) > PIPE_BUF) {
            return;
        }
        left += frame_size(frame);
        gather(to, frame, 0, frame_size(frame));
    }
}

static void advance(struct frame_writer *writer, size_t size)
{
    writer->written += size;
    while (writer->count > 0 && writer->written >= frame_size(frame_at(writer, 0))) {
        writer->written -= frame_size(frame_at(writer, 0));
        writer->execs -= frame_at(writer, 0)->counts ? 1 : 0;
        writer->first = (writer->first + 1) & (writer->capacity - 1);
        writer->count--;
    }
}

bool frame_writer_amid_exec(const struct frame_writer *writer)
{
    if (writer->count == 0) {
        return false;
    }
    const struct frame *first = frame_at(writer, 0);
    return first->starts ? writer->written > 0 : first->counts;
}

int frame_writer_keep(struct frame_writer *writer, struct buffer *to)
{
    size_t size = 0;
    for (size_t i = 0; i < writer->count; i++) {
        const struct frame *frame = frame_at(writer, i);
        size += frame->parts[0].size + frame->parts[1].size;
    }
    char *room = buffer_reserve(to, size);
    if (room == NULL) {
        return STATUS_EMEMORY;
    }
    for (size_t i = 0; i < writer->count; i++) {
        for (size_t part = 0; part < 2; part++) {
            struct bytes *bytes = &frame_at(writer, i)->parts[part];
            if (bytes->size > 0) {
                memcpy(room, bytes->data, bytes->size);
                bytes->data = room;
                room += bytes->size;
            }
        }
    }
    buffer_wrote(to, size);
    return STATUS_OK;
}

void frame_writer_reset(struct frame_writer *writer)
{
    writer->count = 0;
    writer->written = 0;
    writer->execs = 0;
}

int frame_writer_flush(struct frame_writer *writer, struct error *error)
{
    while (writer->count > 0) {
        struct gathered now;
        now.count = 0;
        now.size = 0;
        gather_write(writer, &now);
        ssize_t wrote = (writer->write == NULL ? quiet_writev
                                               : writer->write)(writer->fd, now.parts, now.count);
        if (wrote < 0 && errno == EAGAIN) {
            return 1;
        }
        if (wrote < 0 && errno != EINTR) {
            return error_system(error, errno, "writing to the other end");
        }
        advance(writer, wrote < 0 ? 0 : (size_t)wrote);
    }
    return 0;
}

void frame_writer_free(struct frame_writer *writer)
{
    free(writer->frames);
    *writer = (struct frame_writer){.fd = -1};
}
