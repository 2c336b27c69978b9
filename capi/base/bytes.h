/* A borrowed run of bytes: text that need not end in NUL, or any binary. */
#ifndef COYOTE_BASE_BYTES_H
#define COYOTE_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    const void *data; /* may be NULL when size is 0 */
    size_t size;
};

struct bytes bytes_of_text(const char *text);

bool bytes_equal(struct bytes left, struct bytes right);

/* A printable form for error messages: `"RIFF\x00\x01..."`, at most `most` bytes of it.
   The caller frees it; NULL when memory ran out. */
char *bytes_quote(struct bytes bytes, size_t most);

#endif
