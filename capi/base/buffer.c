#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum { SMALLEST = 256 };

struct bytes buffer_unread(const struct buffer *buffer)
{
    if (buffer->data == NULL) {
        return (struct bytes){NULL, 0};
    }
    return (struct bytes){buffer->data + buffer->start, buffer->end - buffer->start};
}

static size_t capacity_for(size_t capacity, size_t needed)
{
    if (capacity < SMALLEST) {
        capacity = SMALLEST;
    }
    while (capacity < needed) {
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    }
    return capacity;
}

void *buffer_reserve(struct buffer *buffer, size_t size)
{
    if (buffer->capacity - buffer->end >= size && buffer->data != NULL) {
        return buffer->data + buffer->end;
    }
    size_t unread = buffer->end - buffer->start;
    if (buffer->data != NULL && buffer->capacity - unread >= size && buffer->start >= unread) {
        /* half of it at least is behind us: moving is cheaper than growing */
        memcpy(buffer->data, buffer->data + buffer->start, unread);
    } else {
        if (unread > SIZE_MAX / 8 || size > SIZE_MAX / 4) {
            return NULL;
        }
        /* twice the unread, so that the next times moving is enough */
        size_t capacity = capacity_for(buffer->capacity, unread * 2 + size);
        char *data = malloc(capacity);
        if (data == NULL) {
            return NULL;
        }
        if (buffer->data != NULL) {
            memcpy(data, buffer->data + buffer->start, unread);
        }
        free(buffer->data);
        buffer->data = data;
        buffer->capacity = capacity;
    }
    buffer->start = 0;
    buffer->end = unread;
    return buffer->data + buffer->end;
}

void buffer_wrote(struct buffer *buffer, size_t size)
{
    buffer->end += size;
}

void buffer_consume(struct buffer *buffer, size_t size)
{
    buffer->start += size;
    if (buffer->start == buffer->end) {
        buffer_reset(buffer);
    }
}

int buffer_append(struct buffer *buffer, struct bytes bytes)
{
    void *to = buffer_reserve(buffer, bytes.size);
    if (to == NULL) {
        return STATUS_EMEMORY;
    }
    if (bytes.size > 0) {
        memcpy(to, bytes.data, bytes.size);
    }
    buffer_wrote(buffer, bytes.size);
    return STATUS_OK;
}

int buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_list again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int status = STATUS_EMEMORY;
    int size = vsnprintf(NULL, 0, format, arguments);
    if (size >= 0) {
        char *to = buffer_reserve(buffer, (size_t)size + 1);
        if (to != NULL) {
            vsnprintf(to, (size_t)size + 1, format, again);
            buffer_wrote(buffer, (size_t)size);
            status = STATUS_OK;
        }
    }
    va_end(again);
    va_end(arguments);
    return status;
}

void buffer_reset(struct buffer *buffer)
{
    buffer->start = 0;
    buffer->end = 0;
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}
