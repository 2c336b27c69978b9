#include "transcript.h"

#include <check.h>
#include <stdint.h>
#include <stdio.h>

#include "bytes.h"

json_t *transcript_load(const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/goridge/%s", FIXTURES, name);
    json_error_t error;
    json_t *file = json_load_file(path, 0, &error);
    ck_assert_msg(file != NULL, "%s:%d: %s", path, error.line, error.text);
    return file;
}

static void append_generated(struct buffer *to, size_t size)
{
    char *room = buffer_reserve(to, size);
    ck_assert_ptr_nonnull(room);
    for (size_t i = 0; i < size; i++) {
        room[i] = (char)((i * 7 + (i >> 8)) & 255);
    }
    buffer_wrote(to, size);
}

static void append_part(struct buffer *to, const json_t *part)
{
    const char *hex = json_string_value(json_object_get(part, "hex"));
    if (hex != NULL) {
        append_hex(to, hex);
        return;
    }
    const json_t *generated = json_object_get(part, "gen");
    ck_assert(json_is_integer(generated));
    append_generated(to, (size_t)json_integer_value(generated));
}

void transcript_append(struct buffer *to, const json_t *step)
{
    const json_t *parts = json_object_get(step, "parts");
    if (parts == NULL) {
        append_part(to, step);
        return;
    }
    size_t before = buffer_unread(to).size;
    for (size_t i = 0; i < json_array_size(parts); i++) {
        append_part(to, json_array_get(parts, i));
    }
    ck_assert_uint_eq(buffer_unread(to).size - before,
                      (size_t)json_integer_value(json_object_get(step, "len")));
}
