/* A decimal number in a text, multiplied without the rounding of floating point. */
#ifndef COYOTE_CONFIG_QUANTITY_H
#define COYOTE_CONFIG_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

struct quantity {
    int64_t whole;
    int64_t fraction; /* over scale */
    int64_t scale;    /* a power of ten */
    bool overflow;    /* more digits than the numbers above can hold */
};

/* Reads digits, with a point among them or not, and moves *text past them. false: none there. */
bool quantity_read(const char **text, struct quantity *quantity);

enum quantity_result { QUANTITY_OK, QUANTITY_TOO_BIG, QUANTITY_TOO_FINE };

/* quantity * unit, which must come out whole. */
enum quantity_result quantity_times(const struct quantity *quantity, int64_t unit, int64_t *result);

#endif
