#include <string.h>

#include "bytes.h"
#include "suite.h"

START_TEST(the_server_s_frames_are_exact)
{
    struct buffer frame = {0};
    ck_assert_int_eq(goridge3_append_pid(&frame, 1234), STATUS_OK);
    expect_hex(&frame, "13 09 0c000000 5f0c4673 0000 7b22706964223a313233347d");
    ck_assert_int_eq(goridge3_append_stop(&frame), STATUS_OK);
    expect_hex(&frame, "13 09 0d000000 3a6bfacb 0000 7b2273746f70223a747275657d");
    append_payload(&frame, "abcdefghijklmnopqrstuvwxyz", "hello world");
    expect_hex(&frame, "14 00 25000000 22be69be 0000 1a000000 6162636465666768696a6b6c6d6e6f707172"
                       "737475767778797a 68656c6c6f20776f726c64");
    append_payload(&frame, "", "OK");
    expect_hex(&frame, "14 00 02000000 a5298c83 0000 00000000 4f4b");
}
END_TEST

/* The CRC hangs on the number of digits alone; these were recorded from the Go server. */
START_TEST(a_pid_of_any_size_has_its_crc)
{
    static const char *const crcs[] = {"6dfc9844", "83532d56", "e63491ee", "5f0c4673",
                                       "3a6bfacb", "d4c44fd9", "b1a3f361"};
    int pid = 1;
    for (size_t i = 0; i < sizeof crcs / sizeof *crcs; i++, pid *= 10) {
        struct buffer frame = {0};
        struct buffer expected = {0};
        append_hex(&expected, crcs[i]);
        ck_assert_int_eq(goridge3_append_pid(&frame, pid), STATUS_OK);
        ck_assert_uint_eq(buffer_unread(&frame).size, 12 + sizeof "{\"pid\":}" + i);
        expect_bytes((struct bytes){frame.data + 6, 4}, buffer_unread(&expected));
        buffer_free(&frame);
        buffer_free(&expected);
    }
}
END_TEST

START_TEST(frames_without_payload_and_with_every_option)
{
    struct buffer frame = {0};
    struct goridge3_frame stop = {.stream = GORIDGE3_STOP};
    append_frame(&frame, &stop);
    expect_hex(&frame, "13 00 00000000 96d18034 02 00");
    struct goridge3_frame boom = {.flags = GORIDGE3_ERROR, .payload = bytes_of_text("boom")};
    append_frame(&frame, &boom);
    expect_hex(&frame, "13 40 04000000 881e11e3 0000 626f6f6d");
    struct goridge3_frame full = {.option_count = GORIDGE3_OPTIONS_MAX};
    for (uint32_t i = 0; i < GORIDGE3_OPTIONS_MAX; i++) {
        full.options[i] = 0xfffffff0 + i;
    }
    append_frame(&frame, &full);
    ck_assert_uint_eq(buffer_unread(&frame).size, GORIDGE3_HEADER_MAX);
    ck_assert_int_eq(frame.data[0], 0x1d);
    expect_bytes((struct bytes){frame.data + 48, 4}, (struct bytes){"\xf9\xff\xff\xff", 4});
    buffer_free(&frame);
}
END_TEST

START_TEST(control_frames_follow_what_is_there)
{
    struct buffer frames = {0};
    ck_assert_int_eq(goridge3_append_pid(&frames, 2147483647), STATUS_OK);
    size_t first = buffer_unread(&frames).size;
    ck_assert_int_eq(goridge3_append_stop(&frames), STATUS_OK);
    ck_assert_uint_eq(first, 12 + sizeof "{\"pid\":2147483647}" - 1);
    ck_assert_uint_eq(buffer_unread(&frames).size, first + 12 + 13);
    buffer_free(&frames);
}
END_TEST

START_TEST(the_second_format_s_server_frames_are_exact)
{
    struct buffer frame = {0};
    ck_assert_int_eq(goridge2_append_pid(&frame, 1234), STATUS_OK);
    expect_hex(&frame, "10 0c00000000000000 000000000000000c 7b22706964223a313233347d");
    ck_assert_int_eq(goridge2_append_stop(&frame), STATUS_OK);
    expect_hex(&frame, "10 0d00000000000000 000000000000000d 7b2273746f70223a747275657d");
    append_payload2(&frame, "ctx", "hello world");
    expect_hex(&frame, "14 0300000000000000 0000000000000003 637478"
                       "00 0b00000000000000 000000000000000b 68656c6c6f20776f726c64");
    /* the context's frame always comes: without it a worker takes the one before */
    append_payload2(&frame, "", "OK");
    expect_hex(&frame, "14 0000000000000000 0000000000000000 00 0200000000000000 0000000000000002"
                       "4f4b");
}
END_TEST

START_TEST(a_length_of_64_bits_is_written_twice)
{
    struct buffer frame = {0};
    uint8_t header[GORIDGE2_HEADER];
    goridge2_header(header, GORIDGE2_RAW, 0x0123456789abcdef);
    append_bytes(&frame, (struct bytes){header, sizeof header});
    expect_hex(&frame, "04 efcdab8967452301 0123456789abcdef");
}
END_TEST

START_TEST(an_empty_body_cannot_be_an_exec_of_the_second_format)
{
    struct error error = {0};
    struct payload payload = {bytes_of_text("context"), {NULL, 0}};
    ck_assert_int_eq(goridge2_check(&payload, NULL), STATUS_EINVAL);
    ck_assert_int_eq(goridge2_check(&payload, &error), STATUS_EINVAL);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "takes an empty body for a stop"));
    ck_assert_ptr_nonnull(strstr(error_text(&error), "send a body, or use protocol v3"));
    error_clear(&error);
    payload = (struct payload){{NULL, 0}, bytes_of_text("0")};
    ck_assert_int_eq(goridge2_check(&payload, &error), STATUS_OK);
    payload.body = (struct bytes){"\0", 1};
    ck_assert_int_eq(goridge2_check(&payload, &error), STATUS_OK);
}
END_TEST

TCase *encode_case(void);
TCase *encode_case(void)
{
    TCase *test = tcase_create("encode");
    tcase_add_test(test, the_server_s_frames_are_exact);
    tcase_add_test(test, a_pid_of_any_size_has_its_crc);
    tcase_add_test(test, frames_without_payload_and_with_every_option);
    tcase_add_test(test, control_frames_follow_what_is_there);
    tcase_add_test(test, the_second_format_s_server_frames_are_exact);
    tcase_add_test(test, a_length_of_64_bits_is_written_twice);
    tcase_add_test(test, an_empty_body_cannot_be_an_exec_of_the_second_format);
    return test;
}
