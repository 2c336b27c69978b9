/* Jobs of one key run in order, one at a time; those of others do not wait for them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

enum { KEYS = 5, JOBS = 150 };

static const char *const keys[KEYS] = {"a", "b", "user:42", "\x01\x02", ""}; /* the last: none */

static struct span {
    int key;
    int64_t begin;
    int64_t end;
} spans[JOBS];

static int64_t submit(const char *key, const char *body)
{
    struct error error = {0};
    struct payload payload = {.body = bytes_of_text(body)};
    struct pool_host_terms terms = {bytes_of_text(key), POOL_HOST_PRIORITY};
    int64_t id = pool_host_submit(host, &payload, &terms, &error);
    ck_assert_msg(id > 0, "submit: %s", error_text(&error));
    return id;
}

static struct taken_reply *next(int64_t id)
{
    struct taken_reply *reply = NULL;
    struct error error = {0};
    int status = pool_host_next(host, (uint64_t)id, 60000, &reply, &error);
    ck_assert_msg(status == STATUS_OK, "next: %s", error_text(&error));
    return reply;
}

static void expect_outcome(int64_t id, enum outcome outcome)
{
    struct taken_reply *reply = next(id);
    ck_assert_msg(reply->reply.outcome == outcome, "job %" PRId64 ": %s: %s", id,
                  outcome_name(reply->reply.outcome), (const char *)reply->reply.message.data);
    taken_reply_free(reply);
}

static void read_span(int64_t id, struct span *span)
{
    struct taken_reply *reply = next(id);
    ck_assert_msg(reply->reply.outcome == OUTCOME_OK, "job %" PRId64 ": %s", id,
                  (const char *)reply->reply.message.data);
    char *rest = NULL;
    span->begin = strtoll(reply->reply.payload.body.data, &rest, 10);
    span->end = strtoll(rest, NULL, 10);
    taken_reply_free(reply);
}

static bool overlap(const struct span *one, const struct span *other)
{
    return one->begin < other->end && other->begin < one->end;
}

static void expect_order_in_each_key(int jobs)
{
    int together = 0;
    for (int i = 0; i < jobs; i++) {
        for (int j = i + 1; j < jobs; j++) {
            bool same = spans[i].key == spans[j].key && keys[spans[i].key][0] != '\0';
            ck_assert_msg(!same || spans[i].end <= spans[j].begin,
                          "jobs %d and %d of key %d: one began %" PRId64
                          " ns before the other's end",
                          i + 1, j + 1, spans[i].key, spans[i].end - spans[j].begin);
            together += !same && overlap(&spans[i], &spans[j]) ? 1 : 0;
        }
    }
    ck_assert_int_gt(together, 0); /* the keys did not wait for each other */
}

static const size_t prefetches[] = {1, 2, 16};

START_TEST(the_jobs_of_a_key_run_in_order_and_one_at_a_time)
{
    int64_t ids[JOBS];
    char body[32];
    settings.num_workers = 4;
    settings.prefetch = prefetches[_i];
    settings.max_jobs = 20; /* some change the worker on their way */
    start_pool();
    srand(7);
    for (int i = 0; i < JOBS; i++) {
        spans[i].key = rand() % KEYS;
        snprintf(body, sizeof body, "clock %d", rand() % 4);
        ids[i] = submit(keys[spans[i].key], body);
    }
    for (int i = 0; i < JOBS; i++) {
        read_span(ids[i], &spans[i]);
    }
    expect_order_in_each_key(JOBS);
}
END_TEST

START_TEST(a_key_at_work_holds_nobody_else)
{
    settings.prefetch = 4;
    start_pool();
    int64_t first = submit("slow", "sleep 700");
    int64_t second = submit("slow", "second");
    for (int i = 0; i < 20; i++) {
        /* beside the slow one, or behind it in a worker's relay: never behind its key */
        submit(i % 2 == 0 ? "quick" : "", "quick");
    }
    int before = 0;
    for (uint64_t id = 0; id != (uint64_t)first;) {
        struct taken_reply *reply = next(0);
        id = reply->id;
        ck_assert_uint_ne(id, (uint64_t)second);
        before += id != (uint64_t)first ? 1 : 0;
        taken_reply_free(reply);
    }
    ck_assert_int_ge(before, 16);
    expect_outcome(second, OUTCOME_OK);
}
END_TEST

/* What ends the second of six jobs of one key, by which outcome. */
static const struct accident {
    const char *body;
    enum outcome outcome;
} accidents[] = {
    {"kill", OUTCOME_CRASHED},
    {"exit 3", OUTCOME_CRASHED},
    {"error no", OUTCOME_ERROR},
    {"sleep 20000", OUTCOME_TIMED_OUT},
};

START_TEST(a_key_goes_on_behind_an_accident)
{
    int64_t ids[6];
    settings.prefetch = 1 + (size_t)_i % 2 * 7;
    settings.exec_ttl = 1500;
    start_pool();
    for (int i = 0; i < 6; i++) {
        ids[i] = submit("key", i == 1 ? accidents[_i / 2].body : "clock 2");
        spans[i].key = 0;
    }
    int64_t other = submit("other", "clock 1");
    read_span(ids[0], &spans[0]);
    expect_outcome(ids[1], accidents[_i / 2].outcome);
    for (int i = 2; i < 6; i++) {
        read_span(ids[i], &spans[i - 1]);
    }
    for (int i = 1; i < 5; i++) {
        ck_assert_int_le(spans[i - 1].end, spans[i].begin);
    }
    expect_outcome(other, OUTCOME_OK);
}
END_TEST

START_TEST(a_worker_that_asks_to_stop_does_not_change_the_order)
{
    char body[256];
    settings.prefetch = 8;
    start_pool();
    snprintf(body, sizeof body, "stop %s", getenv("FIRST"));
    int64_t handed_back = submit("key", body);
    int64_t then = submit("key", "clock 1");
    int64_t last = submit("key", "clock 1");
    struct taken_reply *reply = next(0);
    ck_assert_uint_eq(reply->id, (uint64_t)handed_back);
    ck_assert_str_eq(reply->reply.payload.body.data, "ran elsewhere");
    taken_reply_free(reply);
    read_span(then, &spans[0]);
    read_span(last, &spans[1]);
    ck_assert_int_le(spans[0].end, spans[1].begin);
}
END_TEST

START_TEST(what_waits_for_its_key_does_not_wait_for_a_worker)
{
    settings.num_workers = 1;
    settings.allocate_timeout = 3000; /* workers boot in it, too */
    start_pool();
    int64_t first = submit("key", "sleep 2000");
    int64_t second = submit("key", "sleep 2000");
    int64_t third = submit("key", "third"); /* it waits for longer than allocate_timeout */
    expect_outcome(first, OUTCOME_OK);
    expect_outcome(second, OUTCOME_OK);
    expect_outcome(third, OUTCOME_OK);
}
END_TEST

START_TEST(each_of_a_key_waits_for_a_worker_in_its_turn)
{
    settings.num_workers = 1;
    settings.allocate_timeout = 1500;
    start_pool();
    int64_t busy = submit("", "sleep 20000");
    int64_t first = submit("key", "first");
    int64_t second = submit("key", "second");
    expect_outcome(first, OUTCOME_TIMED_OUT);
    expect_outcome(second, OUTCOME_TIMED_OUT);
    pool_host_stop(host, 0, NULL);
    expect_outcome(busy, OUTCOME_CRASHED);
}
END_TEST

START_TEST(a_stop_cancels_what_waits_behind_a_key)
{
    settings.num_workers = 1;
    start_pool();
    int64_t busy = submit("key", "sleep 300");
    int64_t behind[3] = {submit("key", "x"), submit("other", "x"), submit("key", "x")};
    ck_assert_int_eq(pool_host_stop(host, 20000, NULL), STATUS_OK);
    for (int i = 0; i < 3; i++) {
        struct taken_reply *reply = next(behind[i]);
        ck_assert_int_eq(reply->reply.outcome, OUTCOME_CANCELLED);
        ck_assert(!reply->reply.may_have_run);
        taken_reply_free(reply);
    }
    expect_outcome(busy, OUTCOME_OK);
}
END_TEST

START_TEST(the_queue_limit_counts_those_behind_a_key)
{
    settings.num_workers = 1;
    settings.max_queue_size = 2;
    start_pool();
    int64_t busy = submit("key", "sleep 300");
    int64_t behind[2] = {submit("key", "x"), submit("key", "x")};
    int64_t refused = submit("key", "x");
    int64_t refused_too = submit("other", "x");
    expect_outcome(refused, OUTCOME_REJECTED);
    expect_outcome(refused_too, OUTCOME_REJECTED);
    expect_outcome(busy, OUTCOME_OK);
    expect_outcome(behind[0], OUTCOME_OK);
    expect_outcome(behind[1], OUTCOME_OK);
}
END_TEST

START_TEST(a_full_queue_is_not_in_the_way_of_who_need_not_wait)
{
    struct executor_stats stats;
    settings.num_workers = 2;
    settings.max_queue_size = 2;
    start_pool();
    int64_t busy = submit("key", "sleep 300");
    int64_t behind[2] = {submit("key", "x"), submit("key", "x")};
    int64_t others[2] = {submit("other", "sleep 300"), submit("a third", "x")};
    pool_host_stats(host, &stats);
    ck_assert_uint_eq(stats.in_flight, 2);
    expect_outcome(others[1], OUTCOME_REJECTED); /* now there is nobody for it */
    expect_outcome(others[0], OUTCOME_OK);
    expect_outcome(busy, OUTCOME_OK);
    expect_outcome(behind[0], OUTCOME_OK);
    expect_outcome(behind[1], OUTCOME_OK);
}
END_TEST

START_TEST(a_refused_job_does_not_hold_its_key)
{
    settings.num_workers = 1;
    settings.protocol = PROTOCOL_V2;
    use_script("obedient_v2.php");
    start_pool();
    struct payload no_body = {.context = bytes_of_text("v2 can't carry it")};
    int64_t first = submit("key", "x");
    struct pool_host_terms terms = {bytes_of_text("key"), POOL_HOST_PRIORITY};
    int64_t unfit = pool_host_submit(host, &no_body, &terms, NULL);
    int64_t last = submit("key", "x");
    expect_outcome(first, OUTCOME_OK);
    expect_outcome(unfit, OUTCOME_REJECTED);
    expect_outcome(last, OUTCOME_OK);
}
END_TEST

START_TEST(a_key_goes_on_when_its_worker_is_replaced)
{
    settings.allocate_timeout = 5000;
    settings.max_jobs = _i == 0 ? 0 : 1;
    start_pool();
    int64_t first = submit("key", "sleep 500");
    int64_t second = submit("key", "x");
    if (_i == 0) {
        ck_assert_int_eq(pool_host_reset(host, NULL), STATUS_OK);
    }
    expect_outcome(first, OUTCOME_OK);
    expect_outcome(second, OUTCOME_OK);
}
END_TEST

START_TEST(many_keys)
{
    enum { MANY = 5000 };
    char key[32];
    settings.prefetch = 16;
    start_pool();
    for (int i = 0; i < MANY; i++) {
        snprintf(key, sizeof key, "key %d", i % (MANY / 2));
        submit(key, "x");
    }
    for (int i = 0; i < MANY; i++) {
        struct taken_reply *reply = next(0);
        ck_assert_int_eq(reply->reply.outcome, OUTCOME_OK);
        taken_reply_free(reply);
    }
}
END_TEST

START_TEST(a_pool_is_freed_with_keys_at_every_place)
{
    settings.num_workers = 1;
    settings.prefetch = 2;
    start_pool();
    for (int i = 0; i < 12; i++) {
        submit(keys[i % 3], "sleep 50");
    }
    taken_reply_free(next(1));
}
END_TEST

TCase *keys_case(void);
TCase *keys_case(void)
{
    TCase *test = tcase_create("keys");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, fixture_setup, fixture_teardown);
    tcase_add_checked_fixture(test, first_file_setup, first_file_teardown);
    tcase_add_loop_test(test, the_jobs_of_a_key_run_in_order_and_one_at_a_time, 0,
                        sizeof prefetches / sizeof *prefetches);
    tcase_add_test(test, a_key_at_work_holds_nobody_else);
    tcase_add_loop_test(test, a_key_goes_on_behind_an_accident, 0,
                        2 * sizeof accidents / sizeof *accidents);
    tcase_add_test(test, a_worker_that_asks_to_stop_does_not_change_the_order);
    tcase_add_test(test, what_waits_for_its_key_does_not_wait_for_a_worker);
    tcase_add_test(test, each_of_a_key_waits_for_a_worker_in_its_turn);
    tcase_add_test(test, a_stop_cancels_what_waits_behind_a_key);
    tcase_add_test(test, the_queue_limit_counts_those_behind_a_key);
    tcase_add_test(test, a_full_queue_is_not_in_the_way_of_who_need_not_wait);
    tcase_add_test(test, a_refused_job_does_not_hold_its_key);
    tcase_add_loop_test(test, a_key_goes_on_when_its_worker_is_replaced, 0, 2);
    tcase_add_test(test, many_keys);
    tcase_add_test(test, a_pool_is_freed_with_keys_at_every_place);
    return test;
}
