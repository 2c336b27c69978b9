#include "quantity.h"

/* Finer than any unit divides into. */
static const int64_t SCALE_LIMIT = 1000000000000;

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static void read_fraction(const char **text, struct quantity *quantity)
{
    const char *end = *text;
    while (is_digit(*end)) {
        end++;
    }
    const char *last = end;
    while (last > *text && last[-1] == '0') {
        last--;
    }
    for (const char *at = *text; at < last; at++) {
        if (quantity->scale == SCALE_LIMIT) {
            quantity->overflow = true;
            break;
        }
        quantity->scale *= 10;
        quantity->fraction = quantity->fraction * 10 + (*at - '0');
    }
    *text = end;
}

bool quantity_read(const char **text, struct quantity *quantity)
{
    const char *start = *text;
    *quantity = (struct quantity){.scale = 1};
    bool too_big = false;
    for (; is_digit(**text); (*text)++) {
        too_big = too_big || __builtin_mul_overflow(quantity->whole, 10, &quantity->whole) ||
                  __builtin_add_overflow(quantity->whole, **text - '0', &quantity->whole);
    }
    bool digits = *text > start;
    if (**text == '.' && (digits || is_digit((*text)[1]))) {
        (*text)++;
        digits = digits || is_digit(**text);
        read_fraction(text, quantity);
    }
    if (too_big) {
        quantity->whole = -1;
    }
    return digits;
}

enum quantity_result quantity_times(const struct quantity *quantity, int64_t unit, int64_t *result)
{
    int64_t part = 0;
    if (quantity->whole < 0 || __builtin_mul_overflow(quantity->whole, unit, result)) {
        return QUANTITY_TOO_BIG;
    }
    if (quantity->overflow) {
        return QUANTITY_TOO_FINE;
    }
    /* unit / scale first, because fraction * unit may not fit */
    int64_t scale = quantity->scale;
    while (scale > 1 && unit % 10 == 0) {
        unit /= 10;
        scale /= 10;
    }
    if (__builtin_mul_overflow(quantity->fraction, unit, &part)) {
        return QUANTITY_TOO_FINE;
    }
    if (part % scale != 0) {
        return QUANTITY_TOO_FINE;
    }
    return __builtin_add_overflow(*result, part / scale, result) ? QUANTITY_TOO_BIG : QUANTITY_OK;
}
