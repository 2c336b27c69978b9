/* Bytes that may be text or anything, made fit for a reader. */
#ifndef COYOTE_BASE_UTF8_H
#define COYOTE_BASE_UTF8_H

#include "base/buffer.h"

/* The bytes of the character at the front: 1 to 4; 0: it is none. `left` is 1 or more. */
size_t utf8_length(const unsigned char *at, size_t left);

/* Appends UTF-8 as it is, control characters and bytes that are no UTF-8 as `\x1b`; a character that
   is cut off at the end is left out. 0 or STATUS_EMEMORY. */
int utf8_print(struct buffer *to, struct bytes bytes);

#endif
