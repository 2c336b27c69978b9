/* Of the jobs that wait, those of the highest priority run first. */
#include <inttypes.h>

#include "base/clock.h"
#include "fixture.h"

static int64_t submit(const char *key, int priority, const char *body)
{
    struct payload payload = {.body = bytes_of_text(body)};
    struct pool_host_terms terms = {bytes_of_text(key), (uint8_t)priority};
    int64_t id = pool_host_submit(host, &payload, &terms, NULL);
    ck_assert_int_gt(id, 0);
    return id;
}

/* In which order they end; 0: the end. */
static void expect_order(const int64_t *ids, enum outcome outcome)
{
    for (int i = 0; ids[i] != 0; i++) {
        struct taken_reply *reply = next_outcome(0);
        ck_assert_msg(reply->id == (uint64_t)ids[i], "%d: job %" PRIu64 " came before job %" PRId64,
                      i, reply->id, ids[i]);
        ck_assert_int_eq(reply->reply.outcome, outcome);
        taken_reply_free(reply);
    }
}

static void start_one(void)
{
    settings.num_workers = 1;
    start_pool();
}

START_TEST(the_highest_first_and_in_order_among_themselves)
{
    static const int given[] = {4, 0, 9, 5, 9, 4, 0, 1, 8, 4};
    enum { COUNT = sizeof given / sizeof *given };
    int64_t ids[COUNT];
    int64_t order[COUNT + 2] = {0};
    size_t filled = 0;
    start_one();
    order[filled++] = submit("", 0, "sleep 200"); /* begun: nothing comes before it */
    for (int i = 0; i < COUNT; i++) {
        ids[i] = submit("", given[i], "x");
    }
    for (int priority = 9; priority >= 0; priority--) {
        for (int i = 0; i < COUNT; i++) {
            if (given[i] == priority) {
                order[filled++] = ids[i];
            }
        }
    }
    expect_order(order, OUTCOME_OK);
}
END_TEST

START_TEST(one_without_is_between_them)
{
    struct payload payload = {.body = bytes_of_text("x")};
    start_one();
    int64_t busy = submit("", 4, "sleep 200");
    int64_t lower = submit("", 3, "x");
    int64_t usual = pool_host_submit(host, &payload, NULL, NULL);
    int64_t higher = submit("", 5, "x");
    expect_order((int64_t[]){busy, higher, usual, lower, 0}, OUTCOME_OK);
}
END_TEST

START_TEST(what_came_back_keeps_its_place_in_its_own)
{
    settings.prefetch = 4;
    start_one();
    int64_t fatal = submit("", 4, "exit 1");
    int64_t usual[2] = {submit("", 4, "x"), submit("", 4, "x")};
    int64_t low = submit("", 0, "x");
    int64_t queued = submit("", 4, "x");
    int64_t high = submit("", 9, "x");
    int64_t last = submit("", 0, "x");
    expect_order((int64_t[]){fatal, 0}, OUTCOME_CRASHED);
    expect_order((int64_t[]){high, usual[0], usual[1], queued, low, last, 0}, OUTCOME_OK);
}
END_TEST

START_TEST(the_order_of_a_key_comes_before)
{
    start_one();
    int64_t busy = submit("", 4, "sleep 200");
    int64_t low = submit("key", 0, "x");
    int64_t high = submit("key", 9, "x");
    int64_t other = submit("", 4, "x");
    expect_order((int64_t[]){busy, other, low, high, 0}, OUTCOME_OK);
}
END_TEST

/* Whichever priority they have, the one that waits for the longest is due first. */
START_TEST(each_waits_for_as_long_as_allocate_timeout)
{
    enum { COUNT = 4 };
    static const int given[COUNT] = {9, 0, 4, 0};
    int64_t ids[COUNT];
    int64_t since[COUNT];
    settings.allocate_timeout = 1000;
    start_one();
    int64_t busy = submit("", 4, "sleep 20000");
    for (int i = 0; i < COUNT; i++) {
        struct taken_reply *none;
        since[i] = clock_now();
        ids[i] = submit("", given[i], "x");
        pool_host_next(host, 0, 50, &none, NULL);
    }
    for (int i = 0; i < COUNT; i++) {
        struct taken_reply *reply = next_outcome(0);
        ck_assert_uint_eq(reply->id, (uint64_t)ids[i]);
        ck_assert_int_eq(reply->reply.outcome, OUTCOME_TIMED_OUT);
        ck_assert_int_ge(clock_now() - since[i], 990 * CLOCK_MILLISECOND);
        taken_reply_free(reply);
    }
    pool_host_stop(host, 0, NULL);
    taken_reply_free(next_outcome(busy));
}
END_TEST

START_TEST(one_that_is_always_overtaken_is_told)
{
    settings.allocate_timeout = 1000;
    start_one();
    int64_t high = submit("", 9, "sleep 50");
    int64_t low = submit("", 0, "x");
    int64_t before = clock_now();
    for (uint64_t ended = 0; ended != (uint64_t)low;) {
        int64_t next = submit("", 9, "sleep 50");
        struct taken_reply *reply = next_outcome(0);
        ended = reply->id;
        ck_assert_int_eq(reply->reply.outcome,
                         ended == (uint64_t)low ? OUTCOME_TIMED_OUT : OUTCOME_OK);
        taken_reply_free(reply);
        ck_assert_int_lt(clock_now() - before, 20 * CLOCK_SECOND);
        high = next;
    }
    struct taken_reply *reply = next_outcome(high);
    ck_assert_int_eq(reply->reply.outcome, OUTCOME_OK);
    taken_reply_free(reply);
}
END_TEST

START_TEST(one_of_any_priority_is_taken_back)
{
    int64_t ids[JOB_PRIORITIES];
    start_one();
    int64_t busy = submit("", 4, "sleep 200");
    for (int i = 0; i < JOB_PRIORITIES; i++) {
        ids[i] = submit("", i, "x");
    }
    for (int i = 1; i < JOB_PRIORITIES; i++) {
        ck_assert_int_eq(pool_host_cancel(host, (uint64_t)ids[i], NULL), 1);
    }
    expect_order(
        (int64_t[]){ids[1], ids[2], ids[3], ids[4], ids[5], ids[6], ids[7], ids[8], ids[9], 0},
        OUTCOME_CANCELLED);
    expect_order((int64_t[]){busy, ids[0], 0}, OUTCOME_OK);
}
END_TEST

TCase *priority_case(void);
TCase *priority_case(void)
{
    TCase *test = tcase_create("priority");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, fixture_setup, fixture_teardown);
    tcase_add_test(test, the_highest_first_and_in_order_among_themselves);
    tcase_add_test(test, one_without_is_between_them);
    tcase_add_test(test, what_came_back_keeps_its_place_in_its_own);
    tcase_add_test(test, the_order_of_a_key_comes_before);
    tcase_add_test(test, each_waits_for_as_long_as_allocate_timeout);
    tcase_add_test(test, one_that_is_always_overtaken_is_told);
    tcase_add_test(test, one_of_any_priority_is_taken_back);
    return test;
}
