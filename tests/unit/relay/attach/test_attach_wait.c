/* What blocks: large payloads, signals, a server that does not read or is not there any more. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach_world.h"

enum { LARGE = 3 * 1024 * 1024 };

static volatile sig_atomic_t handled;

static void on_signal(int signal)
{
    (void)signal;
    handled++;
}

/* Sends a signal again and again until it is told to end: whenever the main thread waits, one comes. */
struct nagger {
    pthread_t main;
    pthread_t thread;
    atomic_bool ended;
};

static void *nag(void *argument)
{
    struct nagger *nagger = argument;
    while (!atomic_load(&nagger->ended)) {
        pthread_kill(nagger->main, SIGUSR1);
        usleep(2000);
    }
    return NULL;
}

/* As PHP's pcntl_signal has it: with SA_RESTART. */
static void nagger_start(struct nagger *nagger)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    handled = 0;
    nagger->main = pthread_self();
    atomic_init(&nagger->ended, false);
    ck_assert_int_eq(pthread_create(&nagger->thread, NULL, nag, nagger), 0);
}

static void nagger_stop(struct nagger *nagger)
{
    atomic_store(&nagger->ended, true);
    pthread_join(nagger->thread, NULL);
}

static void fill(char *bytes, size_t size, int seed)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (char)(i * 7 + (i >> 8) + (size_t)seed);
    }
}

/* The server's other hand: writes or reads beside the test, which receives or sends. */
struct hand {
    int fd;
    char *bytes;
    size_t size;
    pthread_t thread;
};

static void *write_all(void *argument)
{
    struct hand *hand = argument;
    for (size_t at = 0; at < hand->size;) {
        ssize_t wrote = write(hand->fd, hand->bytes + at, hand->size - at);
        if (wrote <= 0) {
            return hand;
        }
        at += (size_t)wrote;
    }
    return NULL;
}

static void *read_all(void *argument)
{
    struct hand *hand = argument;
    for (size_t at = 0; at < hand->size;) {
        ssize_t got = read(hand->fd, hand->bytes + at, hand->size - at);
        if (got <= 0) {
            return hand;
        }
        at += (size_t)got;
    }
    return NULL;
}

/* The signals are the main thread's. */
static void hand_start(struct hand *hand, void *(*work)(void *))
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    ck_assert_int_eq(pthread_create(&hand->thread, NULL, work, hand), 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void hand_join(const struct hand *hand)
{
    void *failed = NULL;
    pthread_join(hand->thread, &failed);
    ck_assert_ptr_null(failed);
}

/* A payload and its echo; with signals all the while, in any part of a message. */
static void echo_large(const struct world *world, bool signals)
{
    struct nagger nagger;
    struct buffer bytes = {0};
    char *large = malloc(LARGE);
    char *wanted = malloc(LARGE);
    fill(large, LARGE, 1);
    memcpy(wanted, large, LARGE);
    const struct payload payload = {{"con\0text", 8}, {large, LARGE}};
    append_exec(world, &bytes, payload);
    struct hand writing = {world->to_worker, bytes.data, bytes.end, 0};
    struct hand reading = {world->from_worker, malloc(bytes.end), bytes.end, 0};
    if (signals) {
        nagger_start(&nagger);
        int status = STATUS_ETIMEOUT;
        while (handled < 3) { /* between two messages */
            status = attach_receive(world->attach, -1, NULL);
            ck_assert_int_eq(status, STATUS_EINTERRUPTED);
        }
    }
    hand_start(&writing, write_all);
    int status;
    do {
        status = attach_receive(world->attach, -1, NULL);
        ck_assert(status == 1 || (signals && status == STATUS_EINTERRUPTED));
    } while (status != 1);
    hand_join(&writing);
    ck_assert(bytes_equal(attach_payload(world->attach)->body, (struct bytes){wanted, LARGE}));
    ck_assert(bytes_equal(attach_payload(world->attach)->context, payload.context));
    ck_assert_int_eq(((const char *)attach_payload(world->attach)->body.data)[LARGE], '\0');
    if (signals) {
        /* nobody reads: a signal ends the call, and what it was given may go */
        status = attach_send(world->attach, &payload, NULL);
        ck_assert_int_eq(status, STATUS_EINTERRUPTED);
        memset(large, 'x', LARGE);
        hand_start(&reading, read_all);
        while ((status = attach_send(world->attach, &payload, NULL)) == STATUS_EINTERRUPTED) {
        }
        nagger_stop(&nagger);
    } else {
        hand_start(&reading, read_all);
        status = attach_send(world->attach, &payload, NULL);
    }
    ck_assert_int_eq(status, STATUS_OK);
    if (world->v2) { /* a worker's frames of the second format have other flags */
        bytes.data[25] = 0x04;
    }
    hand_join(&reading);
    ck_assert(bytes_equal(buffer_unread(&bytes), (struct bytes){reading.bytes, reading.size}));
    free(reading.bytes);
    free(large);
    free(wanted);
    buffer_free(&bytes);
}

START_TEST(large_payloads_of_any_bytes)
{
    struct world world = world_greeted(_i);
    for (int i = 0; i < 3; i++) {
        echo_large(&world, false);
    }
    world_close(&world);
}
END_TEST

START_TEST(signals_end_calls_and_lose_nothing)
{
    struct world world = world_greeted(_i);
    echo_large(&world, true);
    world_give_exec(&world, "", "and on");
    world_expect_payload(&world, "", "and on");
    world_close(&world);
}
END_TEST

/* The rest of an answer whose call a signal has ended goes out by the next receive as well. */
START_TEST(a_receive_writes_what_a_signal_has_cut_off)
{
    struct world world = world_greeted(_i);
    struct nagger nagger;
    struct buffer wanted = {0};
    char *large = calloc(1, LARGE);
    const struct payload payload = {{"c", 1}, {large, LARGE}};
    world_give_exec(&world, "", "x");
    world_expect_payload(&world, "", "x");
    nagger_start(&nagger);
    ck_assert_int_eq(attach_send(world.attach, &payload, NULL), STATUS_EINTERRUPTED);
    nagger_stop(&nagger);
    append_exec(&world, &wanted, payload);
    if (world.v2) {
        wanted.data[18] = 0x04;
    }
    memset(large, 'x', LARGE);
    free(large);
    ck_assert_int_eq(attach_receive(world.attach, 0, NULL), STATUS_ETIMEOUT);
    struct hand reading = {world.from_worker, malloc(wanted.end), wanted.end, 0};
    hand_start(&reading, read_all);
    world_give_exec(&world, "", "next");
    world_expect_payload(&world, "", "next");
    hand_join(&reading);
    ck_assert(bytes_equal(buffer_unread(&wanted), (struct bytes){reading.bytes, reading.size}));
    free(reading.bytes);
    buffer_free(&wanted);
    world_close(&world);
}
END_TEST

static volatile sig_atomic_t pipe_signals;

static void on_pipe_signal(int signal)
{
    (void)signal;
    pipe_signals++;
}

static void *hang_up_late(void *argument)
{
    char some[64 * 1024];
    struct world *world = argument;
    ck_assert_int_gt(read(world->from_worker, some, sizeof some), 0); /* it is at it */
    world_hang_up(world);
    return NULL;
}

START_TEST(the_server_goes_while_an_answer_is_written)
{
    struct world world = world_greeted(_i);
    struct error error = {0};
    pthread_t thread;
    char *large = calloc(1, LARGE);
    const struct payload payload = {{NULL, 0}, {large, LARGE}};
    signal(SIGPIPE, on_pipe_signal);
    pipe_signals = 0;
    world_give_exec(&world, "", "x");
    world_expect_payload(&world, "", "x");
    ck_assert_int_eq(pthread_create(&thread, NULL, hang_up_late, &world), 0);
    ck_assert_int_eq(attach_send(world.attach, &payload, &error), STATUS_ESYSTEM);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "the server is gone: "));
    pthread_join(thread, NULL);
    ck_assert_int_eq(pipe_signals, 0);
    ck_assert_int_eq(attach_receive(world.attach, -1, NULL), 0);
    ck_assert_int_eq(attach_send(world.attach, &payload, NULL), STATUS_ESTATE);
    error_clear(&error);
    free(large);
    world_close(&world);
}
END_TEST

/* No write ends inside a header: on pipes what one write has is read by one read. */
START_TEST(headers_are_written_in_one_piece)
{
    struct world world = world_greeted(_i);
    char body[9000];
    char came[2 * sizeof body];
    memset(body, 'b', sizeof body);
    for (size_t size = 1; size < sizeof body; size += 571) {
        const struct payload payload = {{NULL, 0}, {body, size}};
        world_give_exec(&world, "", "x");
        world_expect_payload(&world, "", "x");
        ck_assert_int_eq(attach_send(world.attach, &payload, NULL), STATUS_OK);
        ssize_t first = read(world.from_worker, came, 17);
        ck_assert_int_eq(first, world.v2 ? 17 : 17 < 16 + (ssize_t)size ? 17 : 16 + (ssize_t)size);
        for (size_t left = (world.v2 ? 34 : 16) + size - (size_t)first; left > 0;) {
            ssize_t got = read(world.from_worker, came, left);
            ck_assert_int_gt(got, 0);
            left -= (size_t)got;
        }
    }
    world_close(&world);
}
END_TEST

TCase *attach_wait_case(void);
TCase *attach_wait_case(void)
{
    TCase *test = tcase_create("wait");
    tcase_set_timeout(test, 60);
    tcase_add_loop_test(test, large_payloads_of_any_bytes, 0, WORLDS);
    tcase_add_loop_test(test, signals_end_calls_and_lose_nothing, 0, WORLDS);
    tcase_add_loop_test(test, a_receive_writes_what_a_signal_has_cut_off, 0, WORLDS);
    tcase_add_loop_test(test, the_server_goes_while_an_answer_is_written, 0, WORLDS);
    tcase_add_loop_test(test, headers_are_written_in_one_piece, 0, WORLDS);
    return test;
}
