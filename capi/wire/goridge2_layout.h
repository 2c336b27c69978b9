/* Where what lies in a header; for the files of this folder. */
#ifndef COYOTE_WIRE_GORIDGE2_LAYOUT_H
#define COYOTE_WIRE_GORIDGE2_LAYOUT_H

enum {
    OFFSET_FLAGS = 0,
    OFFSET_SIZE = 1,      /* 8 bytes, little endian */
    OFFSET_SIZE_AGAIN = 9 /* 8 bytes, big endian: the format's only checksum */
};

#endif
