#include "bytes.h"

#include <check.h>
#include <stdlib.h>

void append_bytes(struct buffer *to, struct bytes bytes)
{
    ck_assert_int_eq(buffer_append(to, bytes), STATUS_OK);
}

void append_hex(struct buffer *to, const char *hex)
{
    while (*hex != '\0') {
        if (*hex == ' ') {
            hex++;
            continue;
        }
        char digits[3] = {hex[0], hex[1], '\0'};
        char *end = NULL;
        uint8_t byte = (uint8_t)strtoul(digits, &end, 16);
        ck_assert_ptr_eq(end, digits + 2);
        append_bytes(to, (struct bytes){&byte, 1});
        hex += 2;
    }
}

void expect_bytes(struct bytes got, struct bytes expected)
{
    if (bytes_equal(got, expected)) {
        return;
    }
    char *got_text = bytes_quote(got, 200);
    char *expected_text = bytes_quote(expected, 200);
    ck_abort_msg("%zu bytes %s, expected %zu bytes %s", got.size, got_text, expected.size,
                 expected_text);
}

void expect_hex(struct buffer *got, const char *hex)
{
    struct buffer expected = {0};
    append_hex(&expected, hex);
    expect_bytes(buffer_unread(got), buffer_unread(&expected));
    buffer_free(&expected);
    buffer_free(got);
}
