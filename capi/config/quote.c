#include "quote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_SHOWN = 80, BYTES_ESCAPED = 4 };

static char *quote_byte(char *to, char byte)
{
    if (byte == '"' || byte == '\\') {
        *to++ = '\\';
        *to++ = byte;
    } else if (byte == '\n') {
        to = stpcpy(to, "\\n");
    } else if (byte == '\t') {
        to = stpcpy(to, "\\t");
    } else if ((unsigned char)byte < 0x20 || byte == 0x7f) {
        to += sprintf(to, "\\x%02x", (unsigned)byte);
    } else {
        *to++ = byte;
    }
    return to;
}

char *quote_text(const char *text, size_t size)
{
    size_t shown = size;
    if (shown > BYTES_SHOWN) {
        shown = BYTES_SHOWN;
        /* not amid a character of several bytes */
        while (shown > 0 && ((unsigned char)text[shown] & 0xc0) == 0x80) {
            shown--;
        }
    }
    char *quoted = malloc(shown * BYTES_ESCAPED + sizeof "\"...\"");
    if (quoted == NULL) {
        return NULL;
    }
    char *to = quoted;
    *to++ = '"';
    for (size_t i = 0; i < shown; i++) {
        to = quote_byte(to, text[i]);
    }
    stpcpy(to, shown < size ? "...\"" : "\"");
    return quoted;
}
