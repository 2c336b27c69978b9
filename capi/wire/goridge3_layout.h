/* Where what lies in a header; for the files of this folder. */
#ifndef COYOTE_WIRE_GORIDGE3_LAYOUT_H
#define COYOTE_WIRE_GORIDGE3_LAYOUT_H

#include <stdint.h>

enum { VERSION = 1, WORDS_WITHOUT_OPTIONS = 3 };

enum {
    OFFSET_VERSION = 0,
    OFFSET_FLAGS = 1,
    OFFSET_SIZE = 2,
    OFFSET_CRC = 6,
    OFFSET_STREAM = 10,
    OFFSET_RESERVED = 11
};

/* Of the bytes before OFFSET_CRC. */
uint32_t goridge3_crc(const uint8_t *header);

#endif
