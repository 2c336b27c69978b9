/* Jobs' keys and priorities, what is taken back, numbers and log lines, by the library's calls. */
#include <jansson.h>
#include <poll.h>
#include <string.h>

#include "abi_fixture.h"

static int64_t submit_with(coy_pool *pool, const char *key, int priority, const char *body)
{
    ck_assert_int_eq(coy_pool_set_key(pool, key, strlen(key)), COY_OK);
    ck_assert_int_eq(coy_pool_set_priority(pool, priority), COY_OK);
    return submit_body(pool, body);
}

static void expect_next(coy_pool *pool, int64_t job)
{
    coy_reply *reply = coy_pool_next(pool, 30000);
    ck_assert_int_eq(coy_reply_job(reply), job);
    expect_outcome(reply, COY_OUTCOME_OK);
}

START_TEST(a_key_and_a_priority_are_of_one_job)
{
    coy_pool *pool = started_pool();
    int64_t busy = submit_body(pool, "sleep 300");
    int64_t usual = submit_body(pool, "x");
    int64_t high = submit_with(pool, "key", 9, "x");
    int64_t after = submit_body(pool, "x"); /* has neither */
    ck_assert_int_eq(coy_pool_stat(pool, "behind_keys"), 0);
    expect_next(pool, busy);
    expect_next(pool, high);
    expect_next(pool, usual);
    expect_next(pool, after);
    coy_pool_free(pool);
}
END_TEST

/* Else it would be of one that it was not meant for. */
START_TEST(a_call_that_fails_takes_them_too)
{
    coy_pool *pool = started_pool();
    int64_t busy = submit_body(pool, "sleep 300");
    int64_t usual = submit_body(pool, "x");
    ck_assert_int_eq(coy_pool_set_priority(pool, 9), COY_OK);
    ck_assert_int_eq(coy_pool_submit(pool, NULL, 0, NULL, 1), COY_EINVAL);
    int64_t after = submit_body(pool, "x");
    expect_next(pool, busy);
    expect_next(pool, usual);
    expect_next(pool, after);
    coy_pool_free(pool);
}
END_TEST

START_TEST(a_key_of_any_bytes_is_copied)
{
    static const char zeros[2] = {0, 0};
    char large[100000];
    coy_pool *pool = started_pool();
    memset(large, 'k', sizeof large);
    ck_assert_int_eq(coy_pool_set_key(pool, large, sizeof large), COY_OK);
    int64_t first = submit_body(pool, "sleep 100");
    ck_assert_int_eq(coy_pool_set_key(pool, large, sizeof large), COY_OK);
    memset(large, 'x', sizeof large);
    int64_t same = submit_body(pool, "x");
    ck_assert_int_eq(coy_pool_stat(pool, "behind_keys"), 1);
    ck_assert_int_eq(coy_pool_set_key(pool, zeros, 1), COY_OK);
    int64_t zero = submit_body(pool, "x");
    ck_assert_int_eq(coy_pool_set_key(pool, zeros, 2), COY_OK);
    int64_t two = submit_body(pool, "x");
    ck_assert_int_eq(coy_pool_stat(pool, "behind_keys"), 1);
    /* an empty one is none, and takes back what was set */
    ck_assert_int_eq(coy_pool_set_key(pool, zeros, 1), COY_OK);
    ck_assert_int_eq(coy_pool_set_key(pool, NULL, 0), COY_OK);
    int64_t none = submit_body(pool, "x");
    ck_assert_int_eq(coy_pool_stat(pool, "behind_keys"), 1);
    const int64_t all[] = {first, same, zero, two, none};
    for (int i = 0; i < 5; i++) {
        expect_outcome(coy_pool_wait(pool, all[i], 30000), COY_OUTCOME_OK);
    }
    coy_pool_free(pool);
}
END_TEST

START_TEST(exec_has_them_as_well)
{
    coy_pool *pool = started_pool();
    int64_t busy = submit_body(pool, "sleep 300");
    int64_t usual = submit_body(pool, "sleep 300");
    ck_assert_int_eq(coy_pool_set_priority(pool, 9), COY_OK);
    expect_body(exec_body(pool, "x"), "x");
    ck_assert_int_eq(coy_pool_stat(pool, "in_flight"), 1); /* the usual one is still at it */
    expect_next(pool, busy);
    expect_next(pool, usual);
    coy_pool_free(pool);
}
END_TEST

START_TEST(jobs_are_taken_back)
{
    coy_pool *pool = started_pool();
    int64_t busy = submit_body(pool, "sleep 300");
    int64_t cancelled = submit_body(pool, "x");
    int64_t abandoned = submit_body(pool, "x");
    struct pollfd look = {.fd = coy_pool_fd(pool), .events = POLLIN};
    ck_assert_int_eq(coy_pool_cancel(pool, cancelled), 1);
    ck_assert_int_eq(coy_pool_abandon(pool, abandoned), 1);
    ck_assert_int_eq(coy_pool_stat(pool, "refused"), 2);
    ck_assert_int_eq(poll(&look, 1, 20000), 1);
    coy_reply *reply = coy_pool_next(pool, 0);
    ck_assert_int_eq(coy_reply_job(reply), cancelled);
    ck_assert(!coy_reply_may_have_run(reply));
    expect_outcome(reply, COY_OUTCOME_CANCELLED);
    ck_assert_int_eq(coy_pool_cancel(pool, busy), 0);
    ck_assert_int_eq(coy_pool_cancel(pool, cancelled), COY_EINVAL);
    expect_error(COY_EINVAL, "its outcome has been taken already");
    ck_assert_int_eq(coy_pool_abandon(pool, busy), 0);
    ck_assert_ptr_null(coy_pool_wait(pool, busy, -1));
    expect_error(COY_EINVAL, "");
    ck_assert_int_eq(coy_pool_stat(pool, "cancelled"), 2);
    ck_assert_ptr_null(coy_pool_next(pool, -1));
    expect_error(COY_ESTATE, "");
    ck_assert_int_eq(coy_pool_stop(pool, 30000), COY_OK);
    ck_assert_int_eq(coy_pool_stat(pool, "ok"), 1);
    coy_pool_free(pool);
}
END_TEST

START_TEST(a_wait_that_is_too_long_for_its_host_goes_on_in_the_next_call)
{
    coy_pool *pool = started_pool();
    ck_assert_int_eq(coy_pool_last_job(pool), 0);
    ck_assert_int_eq(coy_pool_set_longest_wait(pool, -1), COY_EINVAL);
    expect_error(COY_EINVAL, "negative");
    ck_assert_int_eq(coy_pool_set_longest_wait(pool, 20), COY_OK);
    ck_assert_ptr_null(coy_pool_exec(pool, NULL, 0, "sleep 300", 9, -1));
    expect_error(COY_EINTERRUPTED, "call again");
    int64_t job = coy_pool_last_job(pool);
    ck_assert_int_eq(job, 1);
    ck_assert_ptr_null(coy_pool_next(pool, 30000));
    expect_error(COY_EINTERRUPTED, "");
    ck_assert_ptr_null(coy_pool_wait(pool, job, 10));
    expect_error(COY_ETIMEOUT, "");
    ck_assert_int_eq(coy_pool_set_longest_wait(pool, 0), COY_OK);
    expect_outcome(coy_pool_wait(pool, job, -1), COY_OUTCOME_OK);
    expect_body(exec_body(pool, "x"), "x");
    ck_assert_int_eq(coy_pool_last_job(pool), 2);
    ck_assert_int_gt(submit_body(pool, "sleep 300"), 0);
    ck_assert_int_eq(coy_pool_set_longest_wait(pool, 20), COY_OK);
    ck_assert_int_eq(coy_pool_stop(pool, -1), COY_EINTERRUPTED);
    while (coy_pool_stop(pool, -1) == COY_EINTERRUPTED) {
    }
    expect_outcome(coy_pool_next(pool, 0), COY_OUTCOME_OK);
    coy_pool_free(pool);
}
END_TEST

START_TEST(an_exec_whose_time_is_over_says_what_became_of_its_job)
{
    coy_pool *pool = started_pool();
    ck_assert_ptr_null(coy_pool_exec(pool, NULL, 0, "sleep 300", 9, 20));
    expect_error(COY_ETIMEOUT, "the job goes on, its outcome is dropped");
    ck_assert_ptr_null(coy_pool_exec(pool, NULL, 0, "x", 1, 20));
    expect_error(COY_ETIMEOUT, "it is taken back");
    expect_body(exec_body(pool, "y"), "y");
    ck_assert_int_eq(coy_pool_stat(pool, "cancelled"), 1);
    ck_assert_int_eq(coy_pool_stat(pool, "ok"), 2);
    coy_pool_free(pool);
}
END_TEST

/* --- numbers --- */

static int64_t sum(coy_pool *pool, const char *const *names)
{
    int64_t total = 0;
    for (; *names != NULL; names++) {
        ck_assert_msg(coy_pool_stat(pool, *names) >= 0, "%s", *names);
        total += coy_pool_stat(pool, *names);
    }
    return total;
}

static void expect_balance(coy_pool *pool)
{
    static const char *const jobs[] = {"ok",        "error",     "crashed", "timed_out",
                                       "rejected",  "cancelled", "queued",  "behind_keys",
                                       "in_flight", "refused",   NULL};
    static const char *const workers[] = {"workers_booting", "workers_ready", "workers_working",
                                          "workers_leaving", "workers_died",  NULL};
    const char *name;
    int64_t died = 0;
    for (size_t i = 0; (name = coy_pool_stat_name(i)) != NULL; i++) {
        died += strncmp(name, "died_", 5) == 0 ? coy_pool_stat(pool, name) : 0;
    }
    ck_assert_int_eq(coy_pool_stat(pool, "submitted"), sum(pool, jobs));
    ck_assert_int_eq(coy_pool_stat(pool, "workers_started"), sum(pool, workers));
    ck_assert_int_eq(coy_pool_stat(pool, "workers_died"), died);
}

START_TEST(numbers_are_told_by_name)
{
    coy_pool *pool = started_pool();
    ck_assert_int_eq(coy_pool_stat(pool, "workers_ready"), 1);
    int64_t busy = submit_body(pool, "sleep 100");
    submit_with(pool, "key", 4, "error no");
    submit_with(pool, "key", 4, "exit 3");
    submit_body(pool, "x");
    submit_body(pool, "");
    ck_assert_int_eq(coy_pool_cancel(pool, submit_body(pool, "x")), 1);
    ck_assert_int_eq(coy_pool_stat(pool, "in_flight"), 1);
    ck_assert_int_eq(coy_pool_stat(pool, "queued"), 2);
    ck_assert_int_eq(coy_pool_stat(pool, "behind_keys"), 1);
    ck_assert_int_eq(coy_pool_stat(pool, "refused"), 2);
    ck_assert_int_eq(coy_pool_stat(pool, "workers_working"), 1);
    expect_balance(pool);
    for (int64_t job = busy; job < busy + 6; job++) {
        coy_reply_free(coy_pool_wait(pool, job, 30000));
        expect_balance(pool);
    }
    ck_assert_int_eq(coy_pool_stat(pool, "submitted"), 6);
    ck_assert_int_eq(coy_pool_stat(pool, "ok"), 2);
    ck_assert_int_eq(coy_pool_stat(pool, "error"), 1);
    ck_assert_int_eq(coy_pool_stat(pool, "crashed"), 1);
    ck_assert_int_eq(coy_pool_stat(pool, "rejected"), 1);
    ck_assert_int_eq(coy_pool_stat(pool, "cancelled"), 1);
    ck_assert_int_eq(coy_pool_stat(pool, "died_exit"), 1);
    ck_assert_int_eq(coy_pool_stop(pool, 30000), COY_OK);
    ck_assert_int_eq(coy_pool_stat(pool, "died_expected"), 1);
    expect_balance(pool);
    ck_assert_int_eq(coy_pool_stat(pool, "fortytwo"), COY_EINVAL);
    expect_error(COY_EINVAL, "a pool keeps no number \"fortytwo\"");
    coy_pool_free(pool);
}
END_TEST

START_TEST(the_names_are_those_of_the_header)
{
    static const char *const names[] = {"submitted",
                                        "ok",
                                        "error",
                                        "crashed",
                                        "timed_out",
                                        "rejected",
                                        "cancelled",
                                        "queued",
                                        "behind_keys",
                                        "in_flight",
                                        "refused",
                                        "given_back",
                                        "workers_booting",
                                        "workers_ready",
                                        "workers_working",
                                        "workers_leaving",
                                        "workers_started",
                                        "workers_died",
                                        "died_expected",
                                        "died_exit",
                                        "died_signal",
                                        "died_oom",
                                        "died_unknown",
                                        "died_boot",
                                        "died_boot_timeout",
                                        "died_closed_relay",
                                        "died_protocol",
                                        "died_memory",
                                        "died_exec_ttl",
                                        "died_reset_timeout",
                                        "died_destroy_timeout",
                                        "died_killed"};
    enum { COUNT = sizeof names / sizeof *names };
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert_str_eq(coy_pool_stat_name(i), names[i]);
    }
    ck_assert_ptr_null(coy_pool_stat_name(COUNT));
    ck_assert_ptr_null(coy_pool_stat_name(SIZE_MAX));
}
END_TEST

/* --- log --- */

START_TEST(a_line_has_fields_where_it_has_any)
{
    coy_pool *pool = started_pool();
    expect_outcome(exec_body(pool, "exit 3"), COY_OUTCOME_CRASHED);
    bool said = false;
    bool died = false;
    coy_log_line *line;
    while ((line = coy_pool_log_next(pool)) != NULL) {
        const char *fields = coy_log_line_fields(line);
        const char *words = coy_log_line_text(line);
        if (strcmp(words, "leaving with 3") == 0) {
            ck_assert_ptr_null(fields);
            said = true;
        } else if (strstr(words, "exited with status 3") != NULL) {
            json_t *object = json_loads(fields, JSON_REJECT_DUPLICATES, NULL);
            ck_assert_str_eq(json_string_value(json_object_get(object, "event")), "worker_died");
            ck_assert_int_eq(json_integer_value(json_object_get(object, "exit_status")), 3);
            ck_assert_ptr_null(json_object_get(object, "text"));
            json_decref(object);
            died = true;
        }
    }
    ck_assert(said);
    ck_assert(died);
    coy_pool_free(pool);
}
END_TEST

TCase *abi_pool_case(void);
TCase *abi_pool_case(void)
{
    TCase *test = tcase_create("pool");
    tcase_set_timeout(test, 60);
    tcase_add_test(test, a_key_and_a_priority_are_of_one_job);
    tcase_add_test(test, a_call_that_fails_takes_them_too);
    tcase_add_test(test, a_key_of_any_bytes_is_copied);
    tcase_add_test(test, exec_has_them_as_well);
    tcase_add_test(test, jobs_are_taken_back);
    tcase_add_test(test, an_exec_whose_time_is_over_says_what_became_of_its_job);
    tcase_add_test(test, a_wait_that_is_too_long_for_its_host_goes_on_in_the_next_call);
    tcase_add_test(test, numbers_are_told_by_name);
    tcase_add_test(test, the_names_are_those_of_the_header);
    tcase_add_test(test, a_line_has_fields_where_it_has_any);
    return test;
}
