/* In the long run a pool allocates nothing, however many jobs go through it. */
#include <stdio.h>
#include <string.h>

#include "failing_memory.h"
#include "fixture.h"

/* Buffers grow to what the worst moment needs, which comes early or late. */
enum { TRIES = 20, ROUNDS = 1000, BIGGEST = 60000, KEYS = 7 };

/* What is sent, and how many are on their way at a time. */
static const struct load {
    size_t context_size;
    size_t body_size;
    size_t in_flight;
    size_t prefetch;
    bool keyed;
    bool by_socket;
} loads[] = {
    {.body_size = 5, .in_flight = 1, .prefetch = 1},
    {.context_size = 1024, .body_size = 1024, .in_flight = 1, .prefetch = 1},
    {.context_size = 1024, .body_size = 1024, .in_flight = 64, .prefetch = 16},
    {.body_size = BIGGEST, .in_flight = 4, .prefetch = 2},
    {.body_size = 100, .in_flight = 200, .prefetch = 16, .keyed = true},
    {.body_size = 1024, .in_flight = 16, .prefetch = 4, .by_socket = true},
};

static char bytes[BIGGEST];

static void send_one(const struct load *load, unsigned number)
{
    char key[16];
    int key_size = load->keyed ? snprintf(key, sizeof key, "key %u", number % KEYS) : 0;
    const struct payload payload = {{bytes, load->context_size}, {bytes, load->body_size}};
    struct pool_host_terms terms = {{key, (size_t)key_size}, POOL_HOST_PRIORITY};
    pool_host_submit(host, &payload, &terms, NULL);
}

static bool take_one(void)
{
    struct taken_reply *reply = NULL;
    bool good = pool_host_next(host, 0, 60000, &reply, NULL) == STATUS_OK &&
                reply->reply.outcome == OUTCOME_OK;
    taken_reply_free(reply);
    return good;
}

/* Check allocates too: all is judged after it. */
static bool run(const struct load *load, unsigned rounds)
{
    bool good = true;
    for (unsigned i = 0; i < rounds + load->in_flight; i++) {
        if (i < rounds) {
            send_one(load, i);
        }
        if (i >= load->in_flight) {
            good = take_one() && good;
        }
    }
    return good;
}

START_TEST(in_the_long_run_nothing_is_allocated)
{
    const struct load *load = &loads[_i];
    if (load->by_socket) {
        fixture_teardown();
        fixture_setup_unix();
    }
    memset(bytes, 'x', sizeof bytes);
    settings.prefetch = load->prefetch;
    start_pool();
    int allocations = -1;
    for (int i = 0; i < TRIES && allocations != 0; i++) {
        failing_memory_count();
        bool good = run(load, ROUNDS);
        allocations = failing_memory_counted();
        ck_assert(good);
    }
    ck_assert_int_eq(allocations, 0);
}
END_TEST

TCase *allocations_case(void);
TCase *allocations_case(void)
{
    TCase *test = tcase_create("allocations");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, fixture_setup, fixture_teardown);
    tcase_add_loop_test(test, in_the_long_run_nothing_is_allocated, 0,
                        sizeof loads / sizeof *loads);
    return test;
}
