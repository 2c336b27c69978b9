#include "base/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes bytes_of_text(const char *text)
{
    return (struct bytes){text, text == NULL ? 0 : strlen(text)};
}

bool bytes_equal(struct bytes left, struct bytes right)
{
    return left.size == right.size &&
           (left.size == 0 || memcmp(left.data, right.data, left.size) == 0);
}

static char *byte_quote(char *to, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";
    switch (byte) {
    case '\n':
        return stpcpy(to, "\\n");
    case '\r':
        return stpcpy(to, "\\r");
    case '\t':
        return stpcpy(to, "\\t");
    case '"':
    case '\\':
        *to++ = '\\';
        *to++ = (char)byte;
        return to;
    default:
        break;
    }
    if (byte >= 0x20 && byte < 0x7f) {
        *to++ = (char)byte;
        return to;
    }
    *to++ = '\\';
    *to++ = 'x';
    *to++ = digits[byte >> 4];
    *to++ = digits[byte & 15];
    return to;
}

char *bytes_quote(struct bytes bytes, size_t most)
{
    const unsigned char *data = bytes.data;
    size_t shown = bytes.size < most ? bytes.size : most;
    /* each byte takes at most four characters; quotes, an ellipsis and NUL come on top */
    char *text = malloc(shown * 4 + 2 + 3 + 1);
    if (text == NULL) {
        return NULL;
    }
    char *to = text;
    *to++ = '"';
    for (size_t i = 0; i < shown; i++) {
        to = byte_quote(to, data[i]);
    }
    *to++ = '"';
    if (shown < bytes.size) {
        to = stpcpy(to, "...");
    }
    *to = '\0';
    return text;
}
