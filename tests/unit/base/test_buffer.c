#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "suite.h"

START_TEST(keeps_the_order_of_bytes_through_growth_and_consumption)
{
    struct buffer buffer = {0};
    uint8_t next_in = 0;
    uint8_t next_out = 0;
    for (int round = 0; round < 2000; round++) {
        uint8_t chunk[97];
        size_t size = (size_t)(round * 31 % 97);
        for (size_t i = 0; i < size; i++) {
            chunk[i] = next_in++;
        }
        ck_assert_int_eq(buffer_append(&buffer, (struct bytes){chunk, size}), STATUS_OK);
        struct bytes unread = buffer_unread(&buffer);
        size_t take = unread.size * 2 / 3;
        for (size_t i = 0; i < take; i++) {
            ck_assert_uint_eq(((const uint8_t *)unread.data)[i], next_out++);
        }
        buffer_consume(&buffer, take);
    }
    buffer_free(&buffer);
}
END_TEST

START_TEST(refuses_a_size_that_cannot_be)
{
    struct buffer buffer = {0};
    ck_assert_int_eq(buffer_append(&buffer, bytes_of_text("x")), STATUS_OK);
    ck_assert_ptr_null(buffer_reserve(&buffer, SIZE_MAX));
    ck_assert_ptr_null(buffer_reserve(&buffer, SIZE_MAX / 2));
    ck_assert_uint_eq(buffer_unread(&buffer).size, 1);
    buffer_free(&buffer);
}
END_TEST

START_TEST(prints_behind_what_is_there)
{
    struct buffer buffer = {0};
    ck_assert_int_eq(buffer_print(&buffer, "%d,", 1), STATUS_OK);
    ck_assert_int_eq(buffer_print(&buffer, "%0300d", 7), STATUS_OK);
    struct bytes unread = buffer_unread(&buffer);
    ck_assert_uint_eq(unread.size, 302);
    ck_assert_int_eq(memcmp(unread.data, "1,000", 5), 0);
    ck_assert_int_eq(((const char *)unread.data)[301], '7');
    buffer_free(&buffer);
}
END_TEST

TCase *buffer_case(void);
TCase *buffer_case(void)
{
    TCase *test = tcase_create("buffer");
    tcase_add_test(test, keeps_the_order_of_bytes_through_growth_and_consumption);
    tcase_add_test(test, refuses_a_size_that_cannot_be);
    tcase_add_test(test, prints_behind_what_is_there);
    return test;
}
