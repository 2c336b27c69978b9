/* A growing run of bytes, read from the front and written at the back. */
#ifndef COYOTE_BASE_BUFFER_H
#define COYOTE_BASE_BUFFER_H

#include <stddef.h>

#include "base/bytes.h"

/* Start with `struct buffer buffer = {0}`. */
struct buffer {
    char *data;
    size_t start;    /* first unread byte */
    size_t end;      /* one past the last byte */
    size_t capacity; /* of data */
};

/* What is unread; valid until the next call that writes. */
struct bytes buffer_unread(const struct buffer *buffer);

/* Room for `size` more bytes at the back; NULL when memory ran out, the buffer as it was. */
void *buffer_reserve(struct buffer *buffer, size_t size);

/* Says that `size` bytes were written into what buffer_reserve gave. */
void buffer_wrote(struct buffer *buffer, size_t size);

/* Drops bytes at the front. */
void buffer_consume(struct buffer *buffer, size_t size);

/* 0 or STATUS_EMEMORY, the buffer as it was. */
int buffer_append(struct buffer *buffer, struct bytes bytes);
__attribute__((format(printf, 2, 3))) int buffer_print(struct buffer *buffer, const char *format,
                                                       ...);

/* Empties it and keeps the memory. */
void buffer_reset(struct buffer *buffer);

/* Empties it and gives the memory back. */
void buffer_free(struct buffer *buffer);

#endif
