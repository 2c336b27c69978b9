#include "json_pairs.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ESCAPE = 6 /* the size of \uXXXX */, LONG_ESCAPE = 10 /* of \UXXXXXXXX */ };

bool json_pairs_needed(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r')) {
        at++;
    }
    return at < size && text[at] == '{';
}

static bool escape_read(const char *text, size_t size, uint32_t *code)
{
    if (size < ESCAPE || text[0] != '\\' || text[1] != 'u') {
        return false;
    }
    *code = 0;
    for (size_t i = 2; i < ESCAPE; i++) {
        char digit = text[i];
        uint32_t value = digit >= '0' && digit <= '9'   ? (uint32_t)(digit - '0')
                         : digit >= 'a' && digit <= 'f' ? (uint32_t)(digit - 'a' + 10)
                         : digit >= 'A' && digit <= 'F' ? (uint32_t)(digit - 'A' + 10)
                                                        : 16;
        if (value == 16) {
            return false;
        }
        *code = *code << 4 | value;
    }
    return true;
}

static bool pair_read(const char *text, size_t size, uint32_t *code)
{
    uint32_t high;
    uint32_t low;
    if (!escape_read(text, size, &high) || high < 0xd800 || high > 0xdbff ||
        !escape_read(text + ESCAPE, size - ESCAPE, &low) || low < 0xdc00 || low > 0xdfff) {
        return false;
    }
    *code = 0x10000 + ((high - 0xd800) << 10 | (low - 0xdc00));
    return true;
}

char *json_pairs_join(const char *text, size_t *size)
{
    char *joined = malloc(*size + 1);
    char *to = joined;
    for (size_t at = 0; joined != NULL && at < *size;) {
        uint32_t code;
        if (pair_read(text + at, *size - at, &code)) {
            to += snprintf(to, LONG_ESCAPE + 1, "\\U%08x", (unsigned)code);
            at += (size_t)2 * ESCAPE;
            continue;
        }
        /* two backslashes are one escape: what follows them is none */
        size_t step = text[at] == '\\' && at + 1 < *size ? 2 : 1;
        memcpy(to, text + at, step);
        to += step;
        at += step;
    }
    if (joined != NULL) {
        *size = (size_t)(to - joined);
    }
    return joined;
}
