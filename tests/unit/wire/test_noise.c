#include <string.h>

#include "feed.h"
#include "suite.h"

static void expect_refusal(struct bytes came, const char *const *parts)
{
    struct goridge3_decoder decoder;
    struct goridge3_frame frame;
    struct error error = {0};
    goridge3_decoder_init(&decoder, 1024);
    feed(&decoder, came);
    /* it stays broken, and says so each time */
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(goridge3_decoder_next(&decoder, &frame, NULL), STATUS_EPROTOCOL);
        ck_assert_int_eq(goridge3_decoder_next(&decoder, &frame, &error), STATUS_EPROTOCOL);
        ck_assert_int_eq(error.status, STATUS_EPROTOCOL);
    }
    for (; *parts != NULL; parts++) {
        ck_assert_msg(strstr(error_text(&error), *parts) != NULL, "\"%s\" is not in: %s", *parts,
                      error_text(&error));
    }
    error_clear(&error);
    goridge3_decoder_free(&decoder);
}

#define EXPECT_REFUSAL(came, ...) expect_refusal(came, (const char *const[]){__VA_ARGS__, NULL})

START_TEST(php_s_own_first_words_are_recognised)
{
    EXPECT_REFUSAL(bytes_of_text("Could not open input file: app.php\n"),
                   "\"Could not open input file: app.php\\n\"", "workers.command");
    EXPECT_REFUSAL(bytes_of_text("PHP Fatal error:  Uncaught Error: boom in /srv/app.php:3\n"),
                   "PHP stopped with an error", "Uncaught Error: boom in /srv/app.php:3");
    EXPECT_REFUSAL(bytes_of_text("\nFatal error: Uncaught Error: boom in /srv/app.php:3\n"),
                   "PHP stopped with an error", "\"\\nFatal error: Uncaught Error: boom");
    EXPECT_REFUSAL(bytes_of_text("<br />\n<b>Warning</b>:  Undefined variable $x in <b>a.php</b>"),
                   "PHP printed a warning", "Undefined variable $x");
    EXPECT_REFUSAL(bytes_of_text("\nWarning: Undefined variable $x in a.php on line 1\n"),
                   "PHP printed a warning", "on line 1");
    EXPECT_REFUSAL(bytes_of_text("PHP Parse error:  syntax error, unexpected end of file"),
                   "PHP could not read its script", "unexpected end of file");
    EXPECT_REFUSAL(bytes_of_text("X-Powered-By: PHP/8.2\r\nContent-type: text/html\r\n"), "php-cgi",
                   "PHP/8.2");
    EXPECT_REFUSAL(bytes_of_text("\xef\xbb\xbfhello"), "byte order mark", "\\xef\\xbb\\xbfhello");
}
END_TEST

START_TEST(text_is_quoted_without_the_frame_behind_it)
{
    struct buffer came = {0};
    ck_assert_int_eq(buffer_append(&came, bytes_of_text("debug: x = 1\n")), STATUS_OK);
    append_payload(&came, "", "OK");
    EXPECT_REFUSAL(buffer_unread(&came), "printed text where its frames go", "STDERR",
                   "\"debug: x = 1\\n\" (", "expected a first byte from 0x13 to 0x1d, got 0x64");
    buffer_free(&came);
    EXPECT_REFUSAL(bytes_of_text("\n"), "printed text", "\"\\n\"");
}
END_TEST

/* What comes after the first byte makes the message better; nothing waits for it. */
START_TEST(one_byte_is_enough_and_more_is_quoted)
{
    struct goridge3_decoder decoder;
    struct goridge3_frame frame;
    struct error error = {0};
    goridge3_decoder_init(&decoder, 1024);
    feed(&decoder, bytes_of_text("C"));
    ck_assert_int_eq(goridge3_decoder_next(&decoder, &frame, &error), STATUS_EPROTOCOL);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "\"C\""));
    feed(&decoder, bytes_of_text("ould not open input file: app.php\n"));
    ck_assert_int_eq(goridge3_decoder_next(&decoder, &frame, &error), STATUS_EPROTOCOL);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "\"Could not open input file: app.php\\n\""));
    error_clear(&error);
    goridge3_decoder_free(&decoder);
}
END_TEST

START_TEST(headers_that_cannot_be_are_refused)
{
    static const uint8_t firsts[] = {0x00, 0x10, 0x12, 0x1e, 0x1f, 0x03, 0x23, 0x93, 0xff};
    for (size_t i = 0; i < sizeof firsts; i++) {
        struct bytes came = {firsts + i, 1};
        EXPECT_REFUSAL(came, "expected a first byte from 0x13 to 0x1d, got 0x");
    }
}
END_TEST

START_TEST(each_wrong_bit_of_a_header_is_found)
{
    for (size_t bit = 0; bit < 80; bit++) {
        uint8_t header[GORIDGE3_HEADER_MAX];
        goridge3_header(header, GORIDGE3_CONTROL, 0, NULL, 0, 0);
        header[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        struct bytes came = {header, GORIDGE3_HEADER};
        if (bit >= 8) {
            EXPECT_REFUSAL(came, "not a goridge v3 frame", "CRC32 to be 0x", "\\x00\"");
        } else {
            EXPECT_REFUSAL(came, "not a goridge v3 frame");
        }
    }
}
END_TEST

START_TEST(the_second_format_is_named)
{
    struct buffer came = {0};
    append_hex(&came, "10 0c00000000000000 000000000000000c 7b22706964223a343332317d");
    EXPECT_REFUSAL(buffer_unread(&came), "goridge's second format", "RoadRunner 1",
                   "{\\\"pid\\\":4321}");
    buffer_reset(&came);
    /* a first byte that the third format has too */
    append_hex(&came, "14 0200000000000000 0000000000000002 6162");
    EXPECT_REFUSAL(buffer_unread(&came), "goridge's second format", "CRC32");
    buffer_free(&came);
}
END_TEST

START_TEST(a_long_text_is_cut)
{
    static char text[5001];
    memset(text, 'x', sizeof text - 1);
    EXPECT_REFUSAL(bytes_of_text(text), "xxx\"...");
}
END_TEST

TCase *noise_case(void);
TCase *noise_case(void)
{
    TCase *test = tcase_create("noise");
    tcase_add_test(test, php_s_own_first_words_are_recognised);
    tcase_add_test(test, text_is_quoted_without_the_frame_behind_it);
    tcase_add_test(test, one_byte_is_enough_and_more_is_quoted);
    tcase_add_test(test, headers_that_cannot_be_are_refused);
    tcase_add_test(test, each_wrong_bit_of_a_header_is_found);
    tcase_add_test(test, the_second_format_is_named);
    tcase_add_test(test, a_long_text_is_cut);
    return test;
}
