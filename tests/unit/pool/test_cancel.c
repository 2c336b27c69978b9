/* Jobs that are taken back: those that no worker has begun, wherever they wait. */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "fixture.h"

static char file[64];

static void file_setup(void)
{
    snprintf(file, sizeof file, "/tmp/coyote-cancel-%d", (int)getpid());
    unlink(file);
}

static void file_teardown(void)
{
    unlink(file);
}

static int64_t submit(const char *key, const char *body)
{
    struct error error = {0};
    struct payload payload = {.body = bytes_of_text(body)};
    struct pool_host_terms terms = {bytes_of_text(key), POOL_HOST_PRIORITY};
    int64_t id = pool_host_submit(host, &payload, &terms, &error);
    ck_assert_msg(id > 0, "submit: %s", error_text(&error));
    return id;
}

static int cancel(int64_t id)
{
    return pool_host_cancel(host, (uint64_t)id, NULL);
}

static int abandon(int64_t id)
{
    return pool_host_abandon(host, (uint64_t)id, NULL);
}

static void expect(int64_t id, enum outcome outcome)
{
    struct taken_reply *reply = next_outcome(id);
    ck_assert_msg(reply->reply.outcome == outcome, "job %" PRId64 " is not %s, but %s: %s", id,
                  outcome_name(outcome), outcome_name(reply->reply.outcome),
                  (const char *)reply->reply.message.data);
    taken_reply_free(reply);
}

static void expect_cancelled(int64_t id)
{
    struct taken_reply *reply = next_outcome(id);
    expect_failure(&reply->reply, OUTCOME_CANCELLED, false, "taken back before a worker had begun");
    ck_assert_int_eq(reply->reply.pid, 0);
    taken_reply_free(reply);
}

static void expect_gone(int64_t id)
{
    struct taken_reply *reply;
    ck_assert_int_eq(pool_host_next(host, (uint64_t)id, 0, &reply, NULL), STATUS_EINVAL);
}

/* Nothing is left anywhere, and every job has ended. */
static void expect_balance(uint64_t submitted, uint64_t cancelled)
{
    struct executor_stats stats;
    uint64_t ended = 0;
    pool_host_stats(host, &stats);
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        ended += stats.outcomes[i];
    }
    ck_assert_uint_eq(stats.submitted, submitted);
    ck_assert_uint_eq(ended, submitted);
    ck_assert_uint_eq(stats.outcomes[OUTCOME_CANCELLED], cancelled);
    ck_assert_uint_eq(stats.queued + stats.behind_keys + stats.in_flight + stats.refused, 0);
}

static void start_one(void)
{
    settings.num_workers = 1;
    start_pool();
}

START_TEST(a_job_that_waits_is_taken_back)
{
    char body[128];
    start_one();
    snprintf(body, sizeof body, "append %s", file);
    int64_t busy = submit("", "sleep 200");
    int64_t first = submit("", body);
    int64_t middle = submit("", "x");
    int64_t last = submit("", body);
    ck_assert_int_eq(cancel(first), 1);
    ck_assert_int_eq(cancel(last), 1);
    expect_cancelled(first);
    expect_cancelled(last);
    expect(busy, OUTCOME_OK);
    expect(middle, OUTCOME_OK);
    ck_assert_int_ne(access(file, F_OK), 0);
    expect_balance(4, 2);
}
END_TEST

START_TEST(its_outcome_comes_once_and_by_the_descriptor)
{
    start_one();
    int64_t busy = submit("", "sleep 60000");
    int64_t job = submit("", "x");
    struct pollfd look = {.fd = pool_host_fd(host), .events = POLLIN};
    struct taken_reply *reply;
    ck_assert_int_eq(cancel(job), 1);
    ck_assert_int_eq(poll(&look, 1, 20000), 1);
    ck_assert_int_eq(pool_host_next(host, 0, 0, &reply, NULL), STATUS_OK);
    ck_assert_uint_eq(reply->id, (uint64_t)job);
    taken_reply_free(reply);
    expect_gone(job);
    ck_assert_int_eq(cancel(job), STATUS_EINVAL);
    ck_assert_int_eq(pool_host_stop(host, 0, NULL), STATUS_OK);
    expect(busy, OUTCOME_CRASHED);
    expect_balance(2, 1);
}
END_TEST

START_TEST(what_is_begun_or_done_goes_on)
{
    settings.prefetch = 2;
    start_one();
    int64_t begun = submit("", "sleep 100");
    int64_t in_relay = submit("", "x");
    ck_assert_int_eq(cancel(begun), 0);
    ck_assert_int_eq(cancel(in_relay), 0);
    expect(in_relay, OUTCOME_OK);
    ck_assert_int_eq(cancel(begun), 0); /* its outcome is there */
    expect(begun, OUTCOME_OK);
    ck_assert_int_eq(cancel(begun), STATUS_EINVAL);
    ck_assert_int_eq(cancel(77), STATUS_EINVAL);
    expect_balance(2, 0);
}
END_TEST

START_TEST(twice_is_once)
{
    start_one();
    int64_t busy = submit("", "sleep 100");
    int64_t job = submit("", "x");
    ck_assert_int_eq(cancel(job), 1);
    ck_assert_int_eq(cancel(job), 0); /* its outcome is on its way */
    expect_cancelled(job);
    expect(busy, OUTCOME_OK);
    expect_balance(2, 1);
}
END_TEST

START_TEST(a_refused_one_has_its_outcome_coming)
{
    start_one();
    int64_t empty = submit("", "");
    ck_assert_int_eq(cancel(empty), 0);
    expect(empty, OUTCOME_REJECTED);
}
END_TEST

START_TEST(the_next_of_its_key_goes)
{
    start_one();
    int64_t busy = submit("", "sleep 200");
    int64_t head = submit("key", "x");
    int64_t behind = submit("key", "x");
    int64_t third = submit("key", "x");
    ck_assert_int_eq(cancel(head), 1);
    ck_assert_int_eq(cancel(third), 1);
    expect_cancelled(head);
    expect_cancelled(third);
    expect(behind, OUTCOME_OK);
    expect(busy, OUTCOME_OK);
    expect_balance(4, 2);
}
END_TEST

START_TEST(one_behind_a_key_at_work_leaves_the_order_of_the_others)
{
    start_pool();
    int64_t head = submit("key", "sleep 100");
    int64_t jobs[4];
    for (int i = 0; i < 4; i++) {
        jobs[i] = submit("key", "x");
    }
    ck_assert_int_eq(cancel(jobs[0]), 1);
    ck_assert_int_eq(cancel(jobs[2]), 1);
    expect_cancelled(jobs[0]);
    expect_cancelled(jobs[2]);
    const int64_t order[] = {head, jobs[1], jobs[3]};
    for (int i = 0; i < 3; i++) {
        struct taken_reply *reply = next_outcome(0);
        ck_assert_uint_eq(reply->id, (uint64_t)order[i]);
        ck_assert_int_eq(reply->reply.outcome, OUTCOME_OK);
        taken_reply_free(reply);
    }
    /* and its lane is gone with them */
    expect(submit("key", "x"), OUTCOME_OK);
    expect_balance(6, 2);
}
END_TEST

START_TEST(all_of_a_key)
{
    start_one();
    int64_t busy = submit("", "sleep 100");
    int64_t jobs[3] = {submit("key", "x"), submit("key", "x"), submit("key", "x")};
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(cancel(jobs[i]), 1);
    }
    expect(busy, OUTCOME_OK);
    for (int i = 0; i < 3; i++) {
        expect_cancelled(jobs[i]);
    }
    expect(submit("key", "x"), OUTCOME_OK);
    expect_balance(5, 3);
}
END_TEST

/* Jobs behind the one that a worker dies with come back, and none is there for them: the next never
   boots. */
START_TEST(what_came_back_from_a_worker)
{
    struct executor_stats stats;
    int64_t jobs[3];
    settings.prefetch = 4;
    settings.num_workers = 1;
    use_script("obeys_once.php");
    start_pool();
    int64_t fatal = submit("", "exit 1");
    for (int i = 0; i < 3; i++) {
        jobs[i] = submit(i == 0 ? "key" : "", "x");
    }
    ck_assert_int_eq(cancel(jobs[0]), 0);
    expect(fatal, OUTCOME_CRASHED);
    pool_host_stats(host, &stats);
    ck_assert_uint_eq(stats.given_back, 3);
    ck_assert_uint_eq(stats.queued, 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(cancel(jobs[i]), 1);
    }
    for (int i = 0; i < 3; i++) {
        expect_cancelled(jobs[i]);
    }
    expect_balance(4, 3);
}
END_TEST

/* Its own deadline holds for each of the others. */
START_TEST(the_wait_of_the_others_is_as_long_as_ever)
{
    settings.allocate_timeout = 1000;
    start_one();
    int64_t busy = submit("", "sleep 20000");
    int64_t first = submit("", "x");
    int64_t second = submit("", "x");
    int64_t before = clock_now();
    ck_assert_int_eq(cancel(first), 1);
    expect_cancelled(first);
    struct taken_reply *reply = next_outcome(0);
    ck_assert_uint_eq(reply->id, (uint64_t)second);
    ck_assert_int_eq(reply->reply.outcome, OUTCOME_TIMED_OUT);
    ck_assert_int_ge(clock_now() - before, 990 * CLOCK_MILLISECOND);
    taken_reply_free(reply);
    pool_host_stop(host, 0, NULL);
    expect(busy, OUTCOME_CRASHED);
}
END_TEST

START_TEST(a_full_queue_has_room_again)
{
    settings.max_queue_size = 1;
    start_one();
    int64_t busy = submit("", "sleep 200");
    int64_t waits = submit("", "x");
    int64_t refused = submit("", "x");
    ck_assert_int_eq(cancel(waits), 1);
    int64_t taken = submit("", "x");
    expect(refused, OUTCOME_REJECTED);
    expect_cancelled(waits);
    expect(taken, OUTCOME_OK);
    expect(busy, OUTCOME_OK);
}
END_TEST

/* In the order in which a walk along the queue would take the longest. */
START_TEST(a_long_queue_is_not_walked)
{
    enum { MANY = 200000 };
    start_one();
    int64_t busy = submit("", "sleep 60000");
    for (int i = 0; i < MANY; i++) {
        submit(i % 2 == 0 ? "" : "key", "x");
    }
    int64_t before = clock_now();
    for (int64_t id = busy + MANY; id > busy; id--) {
        if (abandon(id) != 1) {
            ck_abort_msg("job %" PRId64 " was not taken back", id);
        }
    }
    ck_assert_int_lt(clock_now() - before, 20 * CLOCK_SECOND);
    ck_assert_int_eq(pool_host_stop(host, 0, NULL), STATUS_OK);
    expect(busy, OUTCOME_CRASHED);
    expect_balance(MANY + 1, MANY);
}
END_TEST

START_TEST(nobody_is_told_of_what_is_abandoned)
{
    struct taken_reply *reply;
    char body[128];
    start_one();
    snprintf(body, sizeof body, "append %s", file);
    int64_t begun = submit("", "sleep 100");
    int64_t waits = submit("", body);
    ck_assert_int_eq(abandon(waits), 1);
    ck_assert_int_eq(abandon(begun), 0);
    expect_gone(begun);
    expect_gone(waits);
    ck_assert_int_eq(abandon(begun), STATUS_EINVAL);
    ck_assert_int_eq(cancel(waits), STATUS_EINVAL);
    ck_assert_int_eq(pool_host_next(host, 0, -1, &reply, NULL), STATUS_ESTATE);
    expect(submit("", "x"), OUTCOME_OK);
    ck_assert_int_eq(pool_host_next(host, 0, 0, &reply, NULL), STATUS_ETIMEOUT);
    ck_assert_int_ne(access(file, F_OK), 0);
    expect_balance(3, 1);
}
END_TEST

START_TEST(an_outcome_that_is_abandoned_is_taken_away)
{
    struct taken_reply *reply;
    settings.prefetch = 2;
    start_one();
    int64_t first = submit("", "x");
    int64_t second = submit("", "x");
    struct pollfd look = {.fd = pool_host_fd(host), .events = POLLIN};
    expect(second, OUTCOME_OK);
    ck_assert_int_eq(poll(&look, 1, 0), 1);
    ck_assert_int_eq(abandon(first), 0);
    ck_assert_int_eq(poll(&look, 1, 0), 0);
    ck_assert_int_eq(pool_host_next(host, 0, 0, &reply, NULL), STATUS_ETIMEOUT);
    expect_gone(first);
}
END_TEST

START_TEST(an_exec_whose_time_is_over_takes_its_job_back)
{
    struct error error = {0};
    struct taken_reply *reply;
    char text[128];
    start_one();
    snprintf(text, sizeof text, "append %s", file);
    struct payload payload = {.body = bytes_of_text(text)};
    int64_t busy = submit("", "sleep 300");
    ck_assert_int_eq(pool_host_exec(host, &payload, NULL, 20, &reply, &error), STATUS_ETIMEOUT);
    ck_assert_str_eq(error_text(&error), "no outcome within 0.02 s; no worker had begun the job, "
                                         "and it is taken back");
    error_clear(&error);
    expect(busy, OUTCOME_OK);
    expect(submit("", "x"), OUTCOME_OK);
    ck_assert_int_ne(access(file, F_OK), 0);
    expect_balance(3, 1);
}
END_TEST

START_TEST(a_pool_is_freed_with_some_on_their_way_back)
{
    start_one();
    submit("", "sleep 60000");
    for (int i = 0; i < 10; i++) {
        int64_t id = submit(i % 2 == 0 ? "key" : "", "x");
        ck_assert_int_eq(i < 5 ? cancel(id) : abandon(id), 1);
    }
}
END_TEST

TCase *cancel_case(void);
TCase *cancel_case(void)
{
    TCase *test = tcase_create("cancel");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, fixture_setup, fixture_teardown);
    tcase_add_checked_fixture(test, first_file_setup, first_file_teardown);
    tcase_add_checked_fixture(test, file_setup, file_teardown);
    tcase_add_test(test, a_job_that_waits_is_taken_back);
    tcase_add_test(test, its_outcome_comes_once_and_by_the_descriptor);
    tcase_add_test(test, what_is_begun_or_done_goes_on);
    tcase_add_test(test, twice_is_once);
    tcase_add_test(test, a_refused_one_has_its_outcome_coming);
    tcase_add_test(test, the_next_of_its_key_goes);
    tcase_add_test(test, one_behind_a_key_at_work_leaves_the_order_of_the_others);
    tcase_add_test(test, all_of_a_key);
    tcase_add_test(test, what_came_back_from_a_worker);
    tcase_add_test(test, the_wait_of_the_others_is_as_long_as_ever);
    tcase_add_test(test, a_full_queue_has_room_again);
    tcase_add_test(test, a_long_queue_is_not_walked);
    tcase_add_test(test, nobody_is_told_of_what_is_abandoned);
    tcase_add_test(test, an_outcome_that_is_abandoned_is_taken_away);
    tcase_add_test(test, an_exec_whose_time_is_over_takes_its_job_back);
    tcase_add_test(test, a_pool_is_freed_with_some_on_their_way_back);
    return test;
}
