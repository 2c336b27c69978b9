#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "format.h"
#include "suite.h"

static void expect_refusal(const struct format *format, struct bytes came, const char *const *parts)
{
    struct error error = {0};
    struct stream stream = stream_start(format, 1024);
    stream_feed(&stream, came);
    /* it stays broken, and says so each time */
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(format->next(&stream, NULL), STATUS_EPROTOCOL);
        ck_assert_int_eq(format->next(&stream, &error), STATUS_EPROTOCOL);
        ck_assert_int_eq(error.status, STATUS_EPROTOCOL);
    }
    for (; *parts != NULL; parts++) {
        ck_assert_msg(strstr(error_text(&error), *parts) != NULL, "\"%s\" is not in: %s", *parts,
                      error_text(&error));
    }
    error_clear(&error);
    stream_stop(&stream);
}

#define EXPECT_REFUSAL(format, came, ...)                                                          \
    expect_refusal(format, came, (const char *const[]){__VA_ARGS__, NULL})

START_TEST(php_s_own_first_words_are_recognised)
{
    const struct format *format = format_at(_i);
    EXPECT_REFUSAL(format, bytes_of_text("Could not open input file: app.php\n"),
                   "\"Could not open input file: app.php\\n\"", "workers.command");
    EXPECT_REFUSAL(format,
                   bytes_of_text("PHP Fatal error:  Uncaught Error: boom in /srv/app.php:3\n"),
                   "PHP stopped with an error", "Uncaught Error: boom in /srv/app.php:3");
    EXPECT_REFUSAL(format, bytes_of_text("\nFatal error: Uncaught Error: boom in /srv/app.php:3\n"),
                   "PHP stopped with an error", "\"\\nFatal error: Uncaught Error: boom");
    EXPECT_REFUSAL(format,
                   bytes_of_text("<br />\n<b>Warning</b>:  Undefined variable $x in <b>a.php</b>"),
                   "PHP printed a warning", "Undefined variable $x");
    EXPECT_REFUSAL(format, bytes_of_text("\nWarning: Undefined variable $x in a.php on line 1\n"),
                   "PHP printed a warning", "on line 1");
    EXPECT_REFUSAL(format, bytes_of_text("PHP Parse error:  syntax error, unexpected end of file"),
                   "PHP could not read its script", "unexpected end of file");
    EXPECT_REFUSAL(format, bytes_of_text("X-Powered-By: PHP/8.2\r\nContent-type: text/html\r\n"),
                   "php-cgi", "PHP/8.2");
    EXPECT_REFUSAL(format, bytes_of_text("\xef\xbb\xbfhello"), "byte order mark",
                   "\\xef\\xbb\\xbfhello");
}
END_TEST

START_TEST(text_is_quoted_without_the_frame_behind_it)
{
    struct buffer came = {0};
    const struct format *format = format_at(_i);
    append_bytes(&came, bytes_of_text("debug: x = 1\n"));
    format->append_examples(&came);
    EXPECT_REFUSAL(format, buffer_unread(&came), "printed text where its frames go", "STDERR",
                   "\"debug: x = 1\\n\" (", "expected a first byte ", ", got 0x64");
    buffer_free(&came);
    EXPECT_REFUSAL(format, bytes_of_text("\n"), "printed text", "\"\\n\"");
}
END_TEST

/* What comes after the first byte makes the message better; nothing waits for it. */
START_TEST(one_byte_is_enough_and_more_is_quoted)
{
    static const char *const words[] = {"Could not open input file: app.php\n",
                                        "\nWarning: Undefined variable"};
    const struct format *format = format_at(_i);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct error error = {0};
        struct stream stream = stream_start(format, 1024);
        stream_feed(&stream, (struct bytes){words[i], 1});
        ck_assert_int_eq(format->next(&stream, &error), STATUS_EPROTOCOL);
        ck_assert_ptr_nonnull(strstr(error_text(&error), "printed text"));
        stream_feed(&stream, bytes_of_text(words[i] + 1));
        ck_assert_int_eq(format->next(&stream, &error), STATUS_EPROTOCOL);
        char *quoted = bytes_quote(bytes_of_text(words[i]), 100);
        ck_assert_ptr_nonnull(strstr(error_text(&error), quoted));
        free(quoted);
        error_clear(&error);
        stream_stop(&stream);
    }
}
END_TEST

START_TEST(third_format_headers_that_cannot_be)
{
    static const uint8_t firsts[] = {0x00, 0x10, 0x12, 0x1e, 0x1f, 0x03, 0x23, 0x93, 0xff};
    for (size_t i = 0; i < sizeof firsts; i++) {
        struct bytes came = {firsts + i, 1};
        EXPECT_REFUSAL(&format_goridge3, came, "expected a first byte from 0x13 to 0x1d, got 0x");
    }
}
END_TEST

START_TEST(each_wrong_bit_of_a_third_format_header)
{
    for (size_t bit = 0; bit < 80; bit++) {
        uint8_t header[GORIDGE3_HEADER_MAX];
        goridge3_header(header, GORIDGE3_CONTROL, 0, NULL, 0, 0);
        header[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        struct bytes came = {header, GORIDGE3_HEADER};
        if (bit >= 8) {
            EXPECT_REFUSAL(&format_goridge3, came, "not a goridge v3 frame", "CRC32 to be 0x",
                           "\\x00\"");
        } else {
            EXPECT_REFUSAL(&format_goridge3, came, "not a goridge v3 frame");
        }
    }
}
END_TEST

START_TEST(the_second_format_is_named)
{
    struct buffer came = {0};
    append_hex(&came, "10 0c00000000000000 000000000000000c 7b22706964223a343332317d");
    EXPECT_REFUSAL(&format_goridge3, buffer_unread(&came), "goridge's second format",
                   "RoadRunner 1", "{\\\"pid\\\":4321}");
    buffer_reset(&came);
    /* a first byte that the third format has too */
    append_hex(&came, "14 0200000000000000 0000000000000002 6162");
    EXPECT_REFUSAL(&format_goridge3, buffer_unread(&came), "goridge's second format", "CRC32");
    buffer_free(&came);
}
END_TEST

START_TEST(second_format_headers_that_cannot_be)
{
    /* what the format does not define, RAW or ERROR with EMPTY (0x0a is a line feed), and text */
    for (unsigned flags = 0; flags < 256; flags++) {
        bool defined = (flags & ~0x1eU) == 0;
        bool empty_of_something = (flags & 0x02) != 0 && (flags & 0x0c) != 0;
        uint8_t byte = (uint8_t)flags;
        struct bytes came = {&byte, 1};
        if (!defined || empty_of_something) {
            EXPECT_REFUSAL(&format_goridge2, came, "expected a first byte with flags", ", got 0x");
        } else {
            struct stream stream = stream_start(&format_goridge2, 1024);
            stream_feed(&stream, came);
            ck_assert_int_eq(format_goridge2.next(&stream, NULL), 0);
            stream_stop(&stream);
        }
    }
    struct buffer came = {0};
    append_hex(&came, "12 0100000000000000 0000000000000001 61");
    EXPECT_REFUSAL(&format_goridge2, buffer_unread(&came), "no payload with the flag EMPTY",
                   "a length of 1", "\\x12\\x01\\x00");
    buffer_free(&came);
}
END_TEST

START_TEST(each_wrong_bit_of_a_second_format_length)
{
    for (size_t bit = 8; bit < (size_t)GORIDGE2_HEADER * 8; bit++) {
        uint8_t header[GORIDGE2_HEADER];
        goridge2_header(header, GORIDGE2_CONTROL, 0);
        header[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        struct bytes came = {header, sizeof header};
        EXPECT_REFUSAL(&format_goridge2, came, "not a goridge v2 frame",
                       "the length twice, little then big endian, got 0x", ", in \"\\x10");
    }
    struct buffer came = {0};
    append_hex(&came, "14 0300000000000000 0000000000000004 616263");
    EXPECT_REFUSAL(&format_goridge2, buffer_unread(&came), "got 0x3 and 0x4", "\\x04abc\"");
    buffer_free(&came);
}
END_TEST

START_TEST(the_third_format_is_named)
{
    struct buffer came = {0};
    ck_assert_int_eq(goridge3_append_pid(&came, 4321), STATUS_OK);
    EXPECT_REFUSAL(&format_goridge2, buffer_unread(&came), "goridge's third format", "RoadRunner 2",
                   "{\\\"pid\\\":4321}");
    buffer_reset(&came);
    /* a first byte that the second format has too */
    append_payload(&came, "", "OK and more");
    EXPECT_REFUSAL(&format_goridge2, buffer_unread(&came), "goridge's third format",
                   "the length twice");
    buffer_free(&came);
}
END_TEST

START_TEST(a_long_text_is_cut)
{
    static char text[5001];
    memset(text, 'x', sizeof text - 1);
    EXPECT_REFUSAL(format_at(_i), bytes_of_text(text), "xxx\"...");
}
END_TEST

TCase *noise_case(void);
TCase *noise_case(void)
{
    TCase *test = tcase_create("noise");
    tcase_add_loop_test(test, php_s_own_first_words_are_recognised, 0, FORMATS);
    tcase_add_loop_test(test, text_is_quoted_without_the_frame_behind_it, 0, FORMATS);
    tcase_add_loop_test(test, one_byte_is_enough_and_more_is_quoted, 0, FORMATS);
    tcase_add_loop_test(test, a_long_text_is_cut, 0, FORMATS);
    tcase_add_test(test, third_format_headers_that_cannot_be);
    tcase_add_test(test, each_wrong_bit_of_a_third_format_header);
    tcase_add_test(test, the_second_format_is_named);
    tcase_add_test(test, second_format_headers_that_cannot_be);
    tcase_add_test(test, each_wrong_bit_of_a_second_format_length);
    tcase_add_test(test, the_third_format_is_named);
    return test;
}
