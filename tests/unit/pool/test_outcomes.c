#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

START_TEST(a_payload_comes_back)
{
    start_pool();
    const struct reply *reply = exec("world", "hello");
    expect_body(reply, "hello");
    ck_assert_str_eq(reply->payload.context.data, "world");
    ck_assert(reply->may_have_run);
    ck_assert_int_gt(reply->pid, 0);
    expect_body(exec(NULL, "hello"), "hello");
    expect_body(exec("a context alone", NULL), "");
}
END_TEST

START_TEST(every_byte_and_any_size_comes_back)
{
    start_pool();
    size_t size = 20 * 1024 * 1024;
    char *body = malloc(size);
    for (size_t i = 0; i < size; i++) {
        body[i] = (char)(i * 7 + (i >> 8));
    }
    struct payload payload = {{body, 4097}, {body, size}};
    const struct reply *reply = exec_payload(payload);
    ck_assert(bytes_equal(reply->payload.body, payload.body));
    ck_assert(bytes_equal(reply->payload.context, payload.context));
    for (size_t near = 4096 - 40; near < 4096 + 8; near++) {
        payload = (struct payload){{body, 8}, {body, near}};
        ck_assert(bytes_equal(exec_payload(payload)->payload.body, payload.body));
    }
    free(body);
}
END_TEST

START_TEST(an_empty_payload_is_rejected_and_costs_no_worker)
{
    settings.num_workers = 1;
    start_pool();
    int pid = atoi(exec(NULL, "pid")->payload.body.data);
    expect_failure(exec(NULL, NULL), OUTCOME_REJECTED, false, "the payload is empty");
    ck_assert_int_eq(atoi(exec(NULL, "pid")->payload.body.data), pid);
}
END_TEST

START_TEST(a_payload_above_the_limit_is_rejected)
{
    settings.max_payload_size = 1000;
    start_pool();
    char body[1001];
    memset(body, 'x', sizeof body);
    struct payload payload = {{NULL, 0}, {body, sizeof body}};
    expect_failure(exec_payload(payload), OUTCOME_REJECTED, false, "max_payload_size");
    payload.body.size = 1000;
    ck_assert_uint_eq(exec_payload(payload)->payload.body.size, 1000);
}
END_TEST

START_TEST(a_job_error_keeps_the_worker)
{
    settings.num_workers = 1;
    start_pool();
    int pid = atoi(exec(NULL, "pid")->payload.body.data);
    expect_failure(exec(NULL, "error it \xff hurts"), OUTCOME_ERROR, true, "it \xff hurts");
    ck_assert_int_eq(atoi(exec(NULL, "pid")->payload.body.data), pid);
}
END_TEST

START_TEST(max_jobs_replaces_the_worker_exactly)
{
    settings.num_workers = 1;
    settings.max_jobs = 2;
    start_pool();
    int first = atoi(exec(NULL, "pid")->payload.body.data);
    ck_assert_int_eq(atoi(exec(NULL, "pid")->payload.body.data), first);
    int second = atoi(exec(NULL, "pid")->payload.body.data);
    ck_assert_int_ne(second, first);
    ck_assert_int_eq(atoi(exec(NULL, "pid")->payload.body.data), second);
    ck_assert_int_ne(atoi(exec(NULL, "pid")->payload.body.data), second);
}
END_TEST

START_TEST(prefetched_jobs_are_spread_over_the_workers)
{
    settings.prefetch = 4;
    start_pool();
    int pids[4];
    for (int i = 0; i < 4; i++) {
        struct payload payload = {{NULL, 0}, bytes_of_text("pid")};
        pool_host_submit(host, &payload, NULL, NULL);
    }
    for (uint64_t id = 1; id <= 4; id++) {
        struct taken_reply *reply;
        ck_assert_int_eq(pool_host_next(host, id, 20000, &reply, NULL), STATUS_OK);
        pids[id - 1] = atoi(reply->reply.payload.body.data);
        taken_reply_free(reply);
    }
    ck_assert_int_ne(pids[0], pids[1]);
    ck_assert_int_eq(pids[0], pids[2]);
    ck_assert_int_eq(pids[1], pids[3]);
}
END_TEST

START_TEST(max_jobs_holds_for_prefetched_jobs_too)
{
    enum { JOBS = 9 };
    settings.num_workers = 1;
    settings.prefetch = 4;
    settings.max_jobs = 3;
    start_pool();
    int pids[JOBS];
    for (int i = 0; i < JOBS; i++) {
        struct payload payload = {{NULL, 0}, bytes_of_text("pid")};
        pool_host_submit(host, &payload, NULL, NULL);
    }
    for (int i = 0; i < JOBS; i++) {
        struct taken_reply *reply;
        ck_assert_int_eq(pool_host_next(host, (uint64_t)i + 1, 20000, &reply, NULL), STATUS_OK);
        pids[i] = atoi(reply->reply.payload.body.data);
        taken_reply_free(reply);
        ck_assert_int_eq(pids[i], pids[i - i % 3]);
        ck_assert(i % 3 != 0 || i == 0 || pids[i] != pids[i - 1]);
    }
}
END_TEST

START_TEST(a_job_that_came_back_does_not_wait_for_ever_either)
{
    first_file_setup();
    use_script("obeys_once.php");
    settings.num_workers = 1;
    settings.prefetch = 4;
    settings.allocate_timeout = 1500;
    start_pool();
    const char *bodies[] = {"exit 1", "second", "third", "fourth"};
    for (size_t i = 0; i < 4; i++) {
        struct payload payload = {{NULL, 0}, bytes_of_text(bodies[i])};
        pool_host_submit(host, &payload, NULL, NULL);
    }
    for (uint64_t id = 1; id <= 4; id++) {
        struct taken_reply *reply;
        ck_assert_int_eq(pool_host_next(host, id, 20000, &reply, NULL), STATUS_OK);
        if (id == 1) {
            expect_failure(&reply->reply, OUTCOME_CRASHED, true, "exited with status 1");
        } else if (!lost_by_tcp(&reply->reply)) {
            expect_failure(&reply->reply, OUTCOME_TIMED_OUT, false, "allocate_timeout");
        }
        taken_reply_free(reply);
    }
    first_file_teardown();
}
END_TEST

START_TEST(the_wait_for_a_worker_has_an_end)
{
    settings.num_workers = 1;
    settings.allocate_timeout = 400;
    start_pool();
    struct payload sleeper = {{NULL, 0}, bytes_of_text("sleep 1500")};
    int64_t id = pool_host_submit(host, &sleeper, NULL, NULL);
    expect_failure(exec(NULL, "hello"), OUTCOME_TIMED_OUT, false, "allocate_timeout");
    struct taken_reply *reply;
    ck_assert_int_eq(pool_host_next(host, (uint64_t)id, 20000, &reply, NULL), STATUS_OK);
    expect_body(&reply->reply, "slept");
    taken_reply_free(reply);
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

START_TEST(a_streamed_reply_is_joined)
{
    start_pool();
    const struct reply *reply = exec(NULL, "stream");
    expect_body(reply, "abc");
    ck_assert_str_eq(reply->payload.context.data, "first");
}
END_TEST

START_TEST(a_worker_that_asks_to_stop_gives_its_job_to_another)
{
    char marker[] = "/tmp/coyote-stop-XXXXXX";
    ck_assert_int_ge(mkstemp(marker), 0);
    remove(marker);
    char body[64];
    snprintf(body, sizeof body, "stop %s", marker);
    settings.num_workers = 1;
    start_pool();
    expect_body(exec(NULL, body), "ran elsewhere");
    remove(marker);
    /* it did what it may: nothing that an administrator has to look at */
    const struct log_line *line;
    while ((line = pool_host_log_next(host)) != NULL) {
        ck_assert_msg(line->level < LOG_LEVEL_ERROR, "%s", (const char *)line->text.data);
    }
}
END_TEST

START_TEST(a_job_that_no_worker_answers_does_not_go_round_for_ever)
{
    start_pool();
    const struct reply *reply = exec(NULL, "stop /no such folder/marker");
    expect_failure(reply, OUTCOME_CRASHED, true,
                   "20 workers in a row ended before they answered it");
    expect_body(exec(NULL, "hello"), "hello");
}
END_TEST

/* In place of an answer, or after one: what it answers then can't be told apart. */
START_TEST(prefetched_jobs_of_a_worker_that_asks_to_stop_get_their_own_answers)
{
    char marker[] = "/tmp/coyote-stop-XXXXXX";
    char first[64];
    close(mkstemp(marker));
    unlink(marker);
    if (_i == 0) {
        snprintf(first, sizeof first, "stop %s", marker);
    } else {
        snprintf(first, sizeof first, "final ran elsewhere");
    }
    const char *const bodies[] = {first, "one", "two", "three"};
    settings.num_workers = 1;
    settings.prefetch = 4;
    start_pool();
    for (int i = 0; i < 4; i++) {
        struct payload payload = {.body = bytes_of_text(bodies[i])};
        pool_host_submit(host, &payload, NULL, NULL);
    }
    for (int i = 0; i < 4; i++) {
        struct taken_reply *reply;
        ck_assert_int_eq(pool_host_next(host, (uint64_t)i + 1, 20000, &reply, NULL), STATUS_OK);
        expect_body(&reply->reply, i == 0 ? "ran elsewhere" : bodies[i]);
        taken_reply_free(reply);
    }
    unlink(marker);
}
END_TEST

START_TEST(jobs_that_a_stopping_worker_has_answered_all_do_not_run_again)
{
    char file[] = "/tmp/coyote-append-XXXXXX";
    close(mkstemp(file));
    char append[64];
    snprintf(append, sizeof append, "append %s", file);
    const char *const bodies[] = {"final answer", append, append, append};
    settings.num_workers = 1;
    settings.prefetch = 4;
    start_pool();
    for (int i = 0; i < 4; i++) {
        struct payload payload = {.body = bytes_of_text(bodies[i])};
        pool_host_submit(host, &payload, NULL, NULL);
    }
    for (int i = 0; i < 4; i++) {
        struct taken_reply *reply;
        ck_assert_int_eq(pool_host_next(host, (uint64_t)i + 1, 20000, &reply, NULL), STATUS_OK);
        expect_body(&reply->reply, i == 0 ? "answer" : "appended");
        taken_reply_free(reply);
    }
    struct stat notes;
    ck_assert_int_eq(stat(file, &notes), 0);
    ck_assert_int_eq(notes.st_size, 3);
    unlink(file);
}
END_TEST

START_TEST(jobs_run_in_parallel_and_prefetched_ones_in_order)
{
    settings.prefetch = 4;
    start_pool();
    enum { JOBS = 200 };
    char body[JOBS][16];
    for (int i = 0; i < JOBS; i++) {
        snprintf(body[i], sizeof body[i], "job %d", i);
        struct payload payload = {{NULL, 0}, bytes_of_text(body[i])};
        ck_assert_int_eq(pool_host_submit(host, &payload, NULL, NULL), i + 1);
    }
    for (int i = 0; i < JOBS; i++) {
        struct taken_reply *reply;
        ck_assert_int_eq(pool_host_next(host, 0, 20000, &reply, NULL), STATUS_OK);
        expect_body(&reply->reply, body[reply->id - 1]);
        taken_reply_free(reply);
    }
}
END_TEST

TCase *outcomes_case(const char *relay, void (*setup)(void));
TCase *outcomes_case(const char *relay, void (*setup)(void))
{
    TCase *test = tcase_create(relay);
    tcase_set_timeout(test, 90);
    tcase_add_checked_fixture(test, setup, fixture_teardown);
    tcase_add_test(test, a_payload_comes_back);
    tcase_add_test(test, every_byte_and_any_size_comes_back);
    tcase_add_test(test, an_empty_payload_is_rejected_and_costs_no_worker);
    tcase_add_test(test, a_payload_above_the_limit_is_rejected);
    tcase_add_test(test, a_job_error_keeps_the_worker);
    tcase_add_test(test, max_jobs_replaces_the_worker_exactly);
    tcase_add_test(test, prefetched_jobs_are_spread_over_the_workers);
    tcase_add_test(test, max_jobs_holds_for_prefetched_jobs_too);
    tcase_add_test(test, a_job_that_came_back_does_not_wait_for_ever_either);
    tcase_add_test(test, the_wait_for_a_worker_has_an_end);
    tcase_add_test(test, a_streamed_reply_is_joined);
    tcase_add_test(test, jobs_that_a_stopping_worker_has_answered_all_do_not_run_again);
    tcase_add_test(test, a_job_that_no_worker_answers_does_not_go_round_for_ever);
    tcase_add_test(test, a_worker_that_asks_to_stop_gives_its_job_to_another);
    tcase_add_loop_test(test, prefetched_jobs_of_a_worker_that_asks_to_stop_get_their_own_answers,
                        0, 2);
    tcase_add_test(test, jobs_run_in_parallel_and_prefetched_ones_in_order);
    return test;
}
