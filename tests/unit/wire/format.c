#include "format.h"

#include <check.h>
#include <string.h>

const struct format *format_at(int index)
{
    return index == 0 ? &format_goridge2 : &format_goridge3;
}

struct stream stream_start(const struct format *format, size_t limit)
{
    struct stream stream = {.format = format};
    format->start(&stream, limit);
    return stream;
}

void stream_stop(struct stream *stream)
{
    stream->format->stop(stream);
}

void stream_feed(struct stream *stream, struct bytes bytes)
{
    const char *from = bytes.data;
    while (bytes.size > 0) {
        size_t room = 0;
        void *to = stream->format->space(stream, &room);
        ck_assert_ptr_nonnull(to);
        ck_assert_uint_ge(room, 4096);
        size_t take = room < bytes.size ? room : bytes.size;
        memcpy(to, from, take);
        stream->format->wrote(stream, take);
        from += take;
        bytes.size -= take;
    }
}
