/* A server that a program owns, while all goes well. */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host_world.h"
#include "suite.h"

START_TEST(events_are_served_and_settled_until_there_are_no_more)
{
    host_world_open("orders: {batch: 3, workers: {" OBEDIENT ", pool: {num_workers: 1}}}");
    ck_assert_int_eq(host_source_set_schema(
                         world.orders,
                         "{\"properties\": {\"batch\": {\"type\": \"integer\"}, \"every\": "
                         "{\"type\": \"string\", \"format\": \"duration\", \"default\": \"2s\"}}}",
                         &world.error),
                     STATUS_OK);
    ck_assert_ptr_null(server_host_section(world.server, world.orders, &world.error));
    ck_assert_int_eq(world.error.status, STATUS_ESTATE);
    ck_assert_int_eq(host_world_push("early"), 1);
    ck_assert_int_eq(server_host_prepare(world.server, &world.error), STATUS_OK);
    ck_assert_str_eq(server_host_section(world.server, world.orders, &world.error),
                     "{\"batch\":3,\"every\":2000}");
    ck_assert_int_eq(host_source_state(world.orders), HOST_SOURCE_IDLE);
    ck_assert(host_world_expect(1, OUTCOME_OK, "early") > 0);
    ck_assert_int_eq(host_source_state(world.orders), HOST_SOURCE_SERVING);
    host_world_push("error it hurts");
    host_world_push("last");
    host_source_end(world.orders);
    host_world_expect(2, OUTCOME_ERROR, "it hurts");
    host_world_expect(3, OUTCOME_OK, "last");
    ck_assert_int_eq(host_world_run(), STATUS_OK);
    ck_assert_int_eq(server_host_step(world.server, -1, &world.error), STATUS_OK);
    ck_assert_int_eq(host_source_state(world.orders), HOST_SOURCE_ENDED);
    ck_assert(host_world_logged("its source has no more events"));
    host_world_close();
}
END_TEST

/* The worker says when it was at the job. */
START_TEST(events_of_one_key_run_in_order_one_at_a_time)
{
    enum { EVENTS = 8 };
    int64_t before = 0;
    host_world_serve(3, 4);
    for (int i = 0; i < EVENTS; i++) {
        ck_assert_int_eq(host_source_set_key(world.orders, bytes_of_text("one"), &world.error), 0);
        ck_assert_int_eq(host_world_push("clock 5"), i + 1);
    }
    for (int i = 0; i < EVENTS; i++) {
        struct taken_reply *taken = NULL;
        ck_assert_int_eq(server_host_next(world.server, world.orders, LONG, &taken, &world.error),
                         STATUS_OK);
        ck_assert_uint_eq(taken->id, (uint64_t)i + 1);
        char *end = NULL;
        int64_t begun = strtoll(taken->reply.payload.body.data, &end, 10);
        ck_assert_int_ge(begun, before);
        before = strtoll(end, NULL, 10);
        taken_reply_free(taken);
    }
    host_world_close();
}
END_TEST

START_TEST(room_is_what_workers_are_free_for)
{
    host_world_serve(2, 1);
    ck_assert_uint_eq(host_source_room(world.orders), 2);
    ck_assert_int_eq(host_source_set_capacity(world.orders, 1, &world.error), STATUS_OK);
    host_world_push("sleep 60000");
    ck_assert_uint_eq(host_source_room(world.orders), 1);
    host_world_push("sleep 60000");
    ck_assert_uint_eq(host_source_room(world.orders), 0);
    ck_assert_int_eq(server_host_step(world.server, 0, &world.error), 1);
    ck_assert_uint_eq(host_source_room(world.orders), 0);
    ck_assert_int_eq(host_world_push("waits"), 3);
    ck_assert_int_eq(host_world_push("finds no place"), STATUS_EFULL);
    host_world_close();
}
END_TEST

START_TEST(a_source_in_a_section_of_another_name)
{
    host_world_open("mine: {source: orders, workers: {" OBEDIENT
                    ", pool: {num_workers: 1}, env: {TOP: section}}}");
    ck_assert_int_eq(host_source_set_variable(world.orders, "broker", "here:1", &world.error), 0);
    ck_assert_int_eq(host_source_set_variable(world.orders, "TOP", "kind", &world.error), 0);
    static const char *const asked[][2] = {
        {"env BROKER", "here:1"},  {"env TOP", "section"},  {"env RR_MODE", "orders"},
        {"env RR_ORDERS", "true"}, {"env RR_MINE", "true"}, {"env RR", "true"},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        host_world_push(asked[i][0]);
        host_world_expect((int64_t)i + 1, OUTCOME_OK, asked[i][1]);
    }
    ck_assert_str_eq(server_host_section(world.server, world.orders, &world.error), "{}");
    host_world_close();
}
END_TEST

START_TEST(a_reset_brings_fresh_workers)
{
    host_world_open("orders: {workers: {" OBEDIENT ", pool: {num_workers: 1}}}");
    ck_assert_int_eq(server_host_reset(world.server, &world.error), STATUS_ESTATE);
    int64_t number = host_world_push("pid");
    pid_t before = host_world_expect(number, OUTCOME_OK, "");
    pid_t now = before;
    ck_assert_int_eq(server_host_reset(world.server, &world.error), STATUS_OK);
    while (now == before) {
        number = host_world_push("pid");
        now = host_world_expect(number, OUTCOME_OK, "");
    }
    host_world_close();
}
END_TEST

static bool readable(int fd, int timeout)
{
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    return poll(&poller, 1, timeout) == 1;
}

/* A program that polls and steps without waiting misses nothing. */
START_TEST(the_descriptor_tells_when_to_step)
{
    host_world_open("orders: {workers: {" OBEDIENT ", pool: {num_workers: 1}}}");
    int fd = server_host_fd(world.server);
    struct taken_reply *taken = NULL;
    host_world_push("hello");
    while (!host_source_has_outcome(world.orders)) {
        ck_assert(readable(fd, LONG));
        ck_assert_int_eq(server_host_step(world.server, 0, &world.error), 1);
    }
    ck_assert(readable(fd, 0));
    ck_assert_int_eq(server_host_next(world.server, world.orders, 0, &taken, &world.error), 0);
    taken_reply_free(taken);
    /* nothing to do: it is quiet, but for a timer that was moved */
    while (readable(fd, 20)) {
        server_host_step(world.server, 0, &world.error);
    }
    host_world_push("again");
    ck_assert(readable(fd, 0));
    host_world_expect(2, OUTCOME_OK, "again");
    server_host_stop(world.server);
    int status = 1;
    while (status == 1) {
        ck_assert(readable(fd, LONG));
        status = server_host_step(world.server, 0, &world.error);
    }
    ck_assert_int_eq(status, STATUS_OK);
    ck_assert(!readable(fd, 0));
    host_world_close();
}
END_TEST

START_TEST(the_end_is_told_though_a_wait_for_an_outcome_saw_it)
{
    host_world_serve(1, 1);
    int fd = server_host_fd(world.server);
    struct taken_reply *taken = NULL;
    host_source_end(world.orders);
    while (host_source_state(world.orders) != HOST_SOURCE_ENDED) {
        ck_assert_int_lt(server_host_next(world.server, world.orders, 0, &taken, &world.error), 0);
    }
    int status = STATUS_ETIMEOUT;
    while (status != STATUS_ESTATE) {
        status = server_host_next(world.server, world.orders, LONG, &taken, &world.error);
        ck_assert_int_lt(status, 0);
    }
    while (server_host_step(world.server, 0, &world.error) == 1) {
        ck_assert(readable(fd, LONG));
    }
    ck_assert(!readable(fd, 0));
    host_world_close();
}
END_TEST

START_TEST(a_wait_that_would_never_end_is_refused)
{
    struct taken_reply *taken = NULL;
    host_world_serve(1, 1);
    ck_assert_int_eq(server_host_next(world.server, world.orders, -1, &taken, &world.error),
                     STATUS_ESTATE);
    ck_assert_int_eq(server_host_next(world.server, world.orders, 10, &taken, &world.error),
                     STATUS_ETIMEOUT);
    host_world_close();
}
END_TEST

START_TEST(lines_are_kept_from_the_level_that_the_config_says)
{
    host_world_open("log: {level: error, format: json}\n"
                    "orders: {workers: {" OBEDIENT ", pool: {num_workers: 1}}}");
    host_world_push("print something");
    host_world_expect(1, OUTCOME_OK, "printed");
    ck_assert(!host_world_logged(""));
    host_world_close();
    host_world_open("log: {level: debug}\n"
                    "orders: {workers: {" OBEDIENT ", pool: {num_workers: 1}}}");
    host_source_set_id(world.orders, bytes_of_text("number nine"), &world.error);
    host_world_push("print something");
    host_world_expect(1, OUTCOME_OK, "printed");
    ck_assert(host_world_logged("event number nine: ok"));
    host_world_close();
}
END_TEST

/* What the program's own standard error and working directory are to it. */
START_TEST(the_process_is_left_alone)
{
    int ends[2];
    char byte;
    char *here = getcwd(NULL, 0);
    ck_assert_int_eq(pipe(ends), 0);
    int saved = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    host_world_open("orders: {workers: {" OBEDIENT ", pool: {num_workers: 1}}}");
    host_world_push("print something");
    host_world_expect(1, OUTCOME_OK, "printed");
    host_world_push("exit 3");
    host_world_expect(2, OUTCOME_CRASHED, "status 3");
    server_host_stop(world.server);
    ck_assert_int_eq(host_world_run(), STATUS_OK);
    host_world_close();
    dup2(saved, STDERR_FILENO);
    ck_assert_int_eq(read(ends[0], &byte, 1), 0);
    char *now = getcwd(NULL, 0);
    ck_assert_str_eq(here, now);
    free(now);
    free(here);
}
END_TEST

START_TEST(a_child_of_the_program_only_frees)
{
    host_world_serve(1, 1);
    pid_t child = fork();
    if (child == 0) {
        bool told = server_host_own(world.server, NULL) == STATUS_EFORKED;
        host_world_close();
        _exit(told ? 0 : 1);
    }
    int status = -1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(server_host_own(world.server, NULL), STATUS_OK);
    host_world_push("still here");
    host_world_expect(1, OUTCOME_OK, "still here");
    host_world_close();
}
END_TEST

TCase *host_life_case(void);
TCase *host_life_case(void)
{
    TCase *test = tcase_create("host life");
    tcase_set_timeout(test, 120);
    tcase_add_test(test, events_are_served_and_settled_until_there_are_no_more);
    tcase_add_test(test, events_of_one_key_run_in_order_one_at_a_time);
    tcase_add_test(test, room_is_what_workers_are_free_for);
    tcase_add_test(test, a_source_in_a_section_of_another_name);
    tcase_add_test(test, a_reset_brings_fresh_workers);
    tcase_add_test(test, the_descriptor_tells_when_to_step);
    tcase_add_test(test, the_end_is_told_though_a_wait_for_an_outcome_saw_it);
    tcase_add_test(test, a_wait_that_would_never_end_is_refused);
    tcase_add_test(test, lines_are_kept_from_the_level_that_the_config_says);
    tcase_add_test(test, the_process_is_left_alone);
    tcase_add_test(test, a_child_of_the_program_only_frees);
    return test;
}
