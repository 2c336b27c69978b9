#include "text_check.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes the character takes; 0: not UTF-8 (also too long a form, or half a pair). */
static size_t character_read(const unsigned char *text, size_t size, uint32_t *character)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = text[0] < 0x80             ? 1
                    : (text[0] & 0xe0) == 0xc0 ? 2
                    : (text[0] & 0xf0) == 0xe0 ? 3
                    : (text[0] & 0xf8) == 0xf0 ? 4
                                               : 0;
    if (length == 0 || length > size) {
        return 0;
    }
    *character = length == 1 ? text[0] : text[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return 0;
        }
        *character = *character << 6 | (text[i] & 0x3fu);
    }
    bool valid = *character >= smallest[length] && *character <= 0x10ffff &&
                 (*character < 0xd800 || *character > 0xdfff);
    return valid ? length : 0;
}

/* What YAML lets stand in a file. */
static bool character_allowed(uint32_t character)
{
    return character == '\t' || character == '\n' || character == '\r' ||
           (character >= 0x20 && character != 0x7f && character < 0x80) || character == 0x85 ||
           (character >= 0xa0 && character != 0xfffe && character != 0xffff);
}

static int refuse(const struct origin *origin, size_t line, size_t column, struct error *error,
                  const unsigned char *byte, bool utf8, uint32_t character)
{
    char *where = origin_words(origin, line, column);
    if (where == NULL) {
        return error_memory(error);
    }
    if (!utf8 && line == 1 && column == 1 && (byte[0] == 0xff || byte[0] == 0xfe)) {
        error_set(error, STATUS_ECONFIG, "%s: this is UTF-16 text; save the file as UTF-8", where);
    } else if (!utf8) {
        error_set(error, STATUS_ECONFIG,
                  "%s: the byte 0x%02x is not UTF-8 text; save the file as UTF-8", where, byte[0]);
    } else {
        error_set(error, STATUS_ECONFIG,
                  "%s: the control character U+%04X can't stand in a text; remove it, or write it "
                  "as \"\\x%02X\" in double quotes",
                  where, character, character);
    }
    if (utf8 && character == 0) {
        error_set(error, STATUS_ECONFIG, "%s: a NUL byte can't stand in a text; remove it", where);
    }
    free(where);
    return STATUS_ECONFIG;
}

int text_check(const struct origin *origin, const char *text, size_t size, struct error *error)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t line = 1;
    size_t column = 1;
    for (size_t at = 0; at < size;) {
        uint32_t character = 0;
        size_t length = character_read(bytes + at, size - at, &character);
        if (length == 0 || !character_allowed(character)) {
            return refuse(origin, line, column, error, bytes + at, length > 0, character);
        }
        at += length;
        column++;
        if (character == '\n' || (character == '\r' && (at == size || text[at] != '\n'))) {
            line++;
            column = 1;
        }
    }
    return STATUS_OK;
}
