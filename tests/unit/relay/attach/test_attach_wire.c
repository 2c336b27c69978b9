/* What lies on the wire, byte for byte, and what is made of what came. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach_world.h"
#include "wire/goridge2.h"
#include "wire/goridge3.h"

START_TEST(the_handshake_is_answered_by_the_first_receive)
{
    struct world world = world_open(_i);
    struct buffer bytes = {0};
    char answer[100];
    char json[32];
    append_pid(&world, &bytes);
    world_give(&world, &bytes);
    world_expect_nothing(&world);
    world_expect_failure(&world, STATUS_ETIMEOUT, "");
    size_t size = (size_t)snprintf(json, sizeof json, "{\"pid\":%d}", (int)getpid());
    size_t header = world.v2 ? GORIDGE2_HEADER : GORIDGE3_HEADER;
    world_take(&world, answer, header + size);
    ck_assert_mem_eq(answer + header, json, size);
    ck_assert_int_eq(answer[0], world.v2 ? 0x10 : 0x13);
    ck_assert_int_eq(answer[1], world.v2 ? (char)size : 0x01);
    world_expect_nothing(&world);
    buffer_free(&bytes);
    world_close(&world);
}
END_TEST

/* v3 as recorded from workers 2 and 3, v2 from those of RoadRunner 1. */
static const struct {
    const char *kind;
    const char *v3;
    const char *v2;
} said[] = {
    {"reply", "14 00 02000000 a5298c83 0000 00000000 4f4b",
     "12 0000000000000000 0000000000000000 04 0200000000000000 0000000000000002 4f4b"},
    {"error", "13 40 04000000 881e11e3 0000 626f6f6d",
     "1c 0400000000000000 0000000000000004 626f6f6d"},
    {"stop", "14 00 0d000000 f339efdb 0000 0d000000 7b2273746f70223a747275657d",
     "14 0d00000000000000 000000000000000d 7b2273746f70223a747275657d "
     "04 0000000000000000 0000000000000000"},
};

START_TEST(answers_are_those_of_php_workers)
{
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        struct world world = world_greeted(_i);
        const struct payload ok = payload_of_text("", "OK");
        world_give_exec(&world, "", "x");
        world_expect_payload(&world, "", "x");
        int status = strcmp(said[i].kind, "reply") == 0 ? attach_send(world.attach, &ok, NULL)
                     : strcmp(said[i].kind, "error") == 0
                         ? attach_error(world.attach, bytes_of_text("boom"), NULL)
                         : attach_stop(world.attach, NULL);
        ck_assert_int_eq(status, STATUS_OK);
        world_expect_hex(&world, world.v2 ? said[i].v2 : said[i].v3);
        world_close(&world);
    }
}
END_TEST

START_TEST(empty_answers_and_those_with_a_context)
{
    static const char *const texts[][2] = {{"", ""}, {"c", ""}, {"", "b"}, {"context", "body"}};
    struct world world = world_greeted(_i);
    for (size_t i = 0; i < 4; i++) {
        const struct payload reply = payload_of_text(texts[i][0], texts[i][1]);
        world_give_exec(&world, texts[i][0], texts[i][1]);
        world_expect_payload(&world, texts[i][0], texts[i][1]);
        ck_assert_int_eq(attach_send(world.attach, &reply, NULL), STATUS_OK);
        world_expect_reply(&world, texts[i][0], texts[i][1]);
    }
    world_close(&world);
}
END_TEST

START_TEST(bytes_that_come_one_by_one)
{
    struct world world = world_open(_i);
    struct buffer bytes = {0};
    append_pid(&world, &bytes);
    append_exec(&world, &bytes, payload_of_text("context", "body"));
    append_exec(&world, &bytes, payload_of_text("", "another"));
    append_stop(&world, &bytes);
    int payloads = 0;
    for (size_t i = 0; i < bytes.end; i++) {
        ck_assert_int_eq(write(world.to_worker, bytes.data + i, 1), 1);
        int status = attach_receive(world.attach, 0, NULL);
        if (status == 1) {
            const struct payload *payload = attach_payload(world.attach);
            ck_assert_str_eq(payload->body.data, payloads == 0 ? "body" : "another");
            ck_assert_str_eq(payload->context.data, payloads == 0 ? "context" : "");
            ck_assert_int_eq(attach_send(world.attach, payload, NULL), STATUS_OK);
            payloads++;
        } else {
            ck_assert_int_eq(status, i + 1 == bytes.end ? 0 : STATUS_ETIMEOUT);
        }
    }
    ck_assert_int_eq(payloads, 2);
    ck_assert_int_eq(attach_receive(world.attach, -1, NULL), 0);
    buffer_free(&bytes);
    world_close(&world);
}
END_TEST

/* All of it in one read: each is given whole, with NULs that spoil nothing behind them. */
START_TEST(many_that_come_at_once)
{
    struct world world = world_open(_i);
    struct buffer bytes = {0};
    char body[16];
    append_pid(&world, &bytes);
    for (int i = 0; i < 50; i++) {
        snprintf(body, sizeof body, "body %d", i);
        append_exec(&world, &bytes, payload_of_text(i % 2 == 0 ? "" : "odd", body));
    }
    append_stop(&world, &bytes);
    world_give(&world, &bytes);
    for (int i = 0; i < 50; i++) {
        snprintf(body, sizeof body, "body %d", i);
        world_expect_payload(&world, i % 2 == 0 ? "" : "odd", body);
        ck_assert_int_eq(attach_send(world.attach, attach_payload(world.attach), NULL), 0);
    }
    ck_assert_int_eq(attach_receive(world.attach, -1, NULL), 0);
    ck_assert_ptr_null(attach_payload(world.attach)->body.data);
    buffer_free(&bytes);
    world_close(&world);
}
END_TEST

START_TEST(the_server_goes_between_two_messages)
{
    struct world world = world_greeted(_i);
    world_give_exec(&world, "", "last");
    world_hang_up(&world);
    world_expect_payload(&world, "", "last");
    struct error error = {0};
    ck_assert_int_eq(attach_send(world.attach, attach_payload(world.attach), &error),
                     STATUS_ESYSTEM);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "the server is gone"));
    error_clear(&error);
    ck_assert_int_eq(attach_receive(world.attach, -1, NULL), 0);
    ck_assert_int_eq(attach_receive(world.attach, -1, NULL), 0);
    ck_assert_int_eq(attach_stop(world.attach, NULL), STATUS_OK);
    world_close(&world);
}
END_TEST

START_TEST(the_server_goes_before_it_has_said_anything)
{
    struct world world = world_open(_i);
    world_hang_up(&world);
    ck_assert_int_eq(attach_receive(world.attach, -1, NULL), 0);
    world_close(&world);
}
END_TEST

/* However much of a message has come. */
START_TEST(the_server_goes_amid_a_message)
{
    struct world measure = world_greeted(_i);
    struct buffer bytes = {0};
    append_exec(&measure, &bytes, payload_of_text("context", "body"));
    size_t whole = bytes.end;
    world_close(&measure);
    for (size_t size = 1; size < whole; size++) {
        struct world world = world_greeted(_i);
        ck_assert_int_eq(write(world.to_worker, bytes.data, size), size);
        world_expect_failure(&world, STATUS_ETIMEOUT, "");
        world_hang_up(&world);
        world_expect_failure(&world, STATUS_ESYSTEM, "the server is gone, amid a message");
        world_expect_failure(&world, STATUS_ESYSTEM, "the server is gone, amid a message");
        world_close(&world);
    }
    buffer_free(&bytes);
}
END_TEST

static const char *const garbage[] = {
    "hello, is this a worker?\n",
    "\x13\x09\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00{\"pid\":1234}", /* a wrong CRC */
    "\x1e\x00",
    "\xff\xff\xff\xff",
};

START_TEST(what_is_no_message_is_quoted)
{
    static const char *const quotes[] = {"\"hello, is this a worker?", "{\\\"pid\\\":1234}",
                                         "\"\\x1e\\x00\"", "\\xff"};
    static const size_t sizes[] = {25, 24, 2, 4};
    for (size_t i = 0; i < 4; i++) {
        struct world world = i % 2 == 0 ? world_open(_i) : world_greeted(_i);
        ck_assert_int_eq(write(world.to_worker, garbage[i], sizes[i]), sizes[i]);
        if (world.v2 && i == 1) { /* a first byte that may be: 17 bytes tell */
            world_expect_failure(&world, STATUS_EPROTOCOL, "no goridge v2 frame");
        } else {
            world_expect_failure(&world, STATUS_EPROTOCOL, quotes[i]);
        }
        world_give_exec(&world, "", "too late");
        world_expect_failure(&world, STATUS_EPROTOCOL, "what came is no goridge");
        world_close(&world);
    }
}
END_TEST

START_TEST(a_control_frame_that_says_nothing)
{
    struct world world = world_greeted(_i);
    struct buffer bytes = {0};
    uint8_t header[GORIDGE3_HEADER_MAX];
    size_t size = GORIDGE2_HEADER;
    if (world.v2) {
        goridge2_header(header, GORIDGE2_CONTROL, 2);
    } else {
        size = goridge3_header(header, GORIDGE3_CONTROL, 0, NULL, 0, 2);
    }
    buffer_append(&bytes, (struct bytes){header, size});
    buffer_append(&bytes, bytes_of_text("{}"));
    world_give(&world, &bytes);
    world_expect_failure(&world, STATUS_EPROTOCOL, "a control frame must say");
    buffer_free(&bytes);
    world_close(&world);
}
END_TEST

/* Four gigabytes are promised in one format and an exbibyte in the other: nobody makes room for
   them before they come. */
START_TEST(a_promise_of_very_many_bytes)
{
    struct world world = world_greeted(_i);
    struct buffer bytes = {0};
    uint8_t header[GORIDGE3_HEADER_MAX];
    static const uint32_t option = 0;
    size_t size = GORIDGE2_HEADER;
    if (world.v2) {
        goridge2_header(header, GORIDGE2_CONTROL | GORIDGE2_RAW, (uint64_t)1 << 60);
    } else {
        size = goridge3_header(header, 0, 0, &option, 1, UINT32_MAX);
    }
    buffer_append(&bytes, (struct bytes){header, size});
    buffer_append(&bytes, bytes_of_text("the first of them"));
    world_give(&world, &bytes);
    world_expect_failure(&world, STATUS_ETIMEOUT, "");
    world_hang_up(&world);
    world_expect_failure(&world, STATUS_ESYSTEM, "amid a message");
    buffer_free(&bytes);
    world_close(&world);
}
END_TEST

START_TEST(more_bytes_than_can_be)
{
    struct world world = world_greeted(LANES + _i % LANES);
    struct buffer bytes = {0};
    uint8_t header[GORIDGE2_HEADER];
    goridge2_header(header, GORIDGE2_CONTROL | GORIDGE2_RAW, UINT64_MAX);
    buffer_append(&bytes, (struct bytes){header, sizeof header});
    world_give(&world, &bytes);
    world_expect_failure(&world, STATUS_ETOOBIG, "more bytes than memory can");
    world_expect_failure(&world, STATUS_ETOOBIG, "more bytes than memory can");
    buffer_free(&bytes);
    world_close(&world);
}
END_TEST

/* Third format: words about streams that have ended are nothing, a PING is answered. */
START_TEST(words_about_streams)
{
    struct world world = world_greeted(_i);
    struct buffer bytes = {0};
    uint8_t header[GORIDGE3_HEADER_MAX];
    static const uint8_t words[] = {GORIDGE3_STOP, GORIDGE3_PONG, GORIDGE3_PING};
    for (size_t i = 0; i < 3; i++) {
        size_t size = goridge3_header(header, 0, words[i], NULL, 0, 0);
        buffer_append(&bytes, (struct bytes){header, size});
    }
    append_exec(&world, &bytes, payload_of_text("", "x"));
    world_give(&world, &bytes);
    world_expect_payload(&world, "", "x");
    world_expect_hex(&world, "13 00 00000000 96d18034 08 00");
    buffer_free(&bytes);
    world_close(&world);
}
END_TEST

TCase *attach_wire_case(void);
TCase *attach_wire_case(void)
{
    TCase *test = tcase_create("wire");
    tcase_set_timeout(test, 60);
    tcase_add_loop_test(test, the_handshake_is_answered_by_the_first_receive, 0, WORLDS);
    tcase_add_loop_test(test, answers_are_those_of_php_workers, 0, WORLDS);
    tcase_add_loop_test(test, empty_answers_and_those_with_a_context, 0, WORLDS);
    tcase_add_loop_test(test, bytes_that_come_one_by_one, 0, WORLDS);
    tcase_add_loop_test(test, many_that_come_at_once, 0, WORLDS);
    tcase_add_loop_test(test, the_server_goes_between_two_messages, 0, WORLDS);
    tcase_add_loop_test(test, the_server_goes_before_it_has_said_anything, 0, WORLDS);
    tcase_add_loop_test(test, the_server_goes_amid_a_message, 0, WORLDS);
    tcase_add_loop_test(test, what_is_no_message_is_quoted, 0, WORLDS);
    tcase_add_loop_test(test, a_control_frame_that_says_nothing, 0, WORLDS);
    tcase_add_loop_test(test, a_promise_of_very_many_bytes, 0, WORLDS);
    tcase_add_loop_test(test, more_bytes_than_can_be, 0, LANES);
    tcase_add_loop_test(test, words_about_streams, 0, LANES);
    return test;
}
