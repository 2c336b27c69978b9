#include "base/utf8.h"

#include "base/error.h"

/* By the first byte alone; 0: none begins so. */
static size_t announced(unsigned char first)
{
    return first < 0x80                     ? 1
           : first >= 0xf0 && first <= 0xf4 ? 4
           : first >= 0xf0                  ? 0
           : first >= 0xe0                  ? 3
           : first >= 0xc2                  ? 2
                                            : 0;
}

static bool continues(const unsigned char *at, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return false;
        }
    }
    return true;
}

size_t utf8_length(const unsigned char *at, size_t left)
{
    size_t length = announced(at[0]);
    if (length == 0 || length > left || !continues(at, 1, length)) {
        return 0;
    }
    if (length >= 3) {
        unsigned value = ((at[0] & 0x0fu) << 6 | (at[1] & 0x3fu));
        bool surrogate = length == 3 && value >= 0x360 && value <= 0x37f;
        bool beyond = length == 4 && at[0] == 0xf4 && at[1] > 0x8f;
        bool overlong = length == 3 ? value < 0x20 : at[0] == 0xf0 && at[1] < 0x90;
        if (surrogate || beyond || overlong) {
            return 0;
        }
    }
    return length;
}

int utf8_print(struct buffer *to, struct bytes bytes)
{
    const unsigned char *data = bytes.data;
    int status = STATUS_OK;
    for (size_t i = 0; i < bytes.size && status == STATUS_OK;) {
        size_t left = bytes.size - i;
        size_t length = utf8_length(data + i, left);
        if (length == 0 && i > 0 && announced(data[i]) > left && continues(data + i, 1, left)) {
            break;
        }
        if (length == 0 || data[i] < 0x20 || data[i] == 0x7f) {
            status = buffer_print(to, "\\x%02x", data[i]);
            i++;
        } else {
            status = buffer_append(to, (struct bytes){data + i, length});
            i += length;
        }
    }
    return status;
}
