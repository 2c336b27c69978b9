/* A pool where memory runs out at each allocation in turn. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "failing_memory.h"
#include "fixture.h"

enum { LONG = 20000 }; /* ms; nothing may have to wait for so long */
enum { SHORT = 200 };  /* for what can't succeed: no memory comes back for a new worker */

/* What one run with a failure came to. Check allocates too, so all is judged after the run. */
struct run {
    bool started;
    int outcomes;
    const char *wrong; /* NULL: nothing */
};

static void demand(struct run *run, bool truth, const char *text)
{
    if (!truth && run->wrong == NULL) {
        run->wrong = text;
    }
}

static void exec_one(struct run *run, const char *body, const char *wanted, int64_t timeout)
{
    struct payload payload = {bytes_of_text("ctx"), bytes_of_text(body)};
    struct taken_reply *reply = NULL;
    int status = pool_host_exec(host, &payload, NULL, timeout, &reply, NULL);
    if (status != STATUS_OK) {
        bool known = status == STATUS_EMEMORY || (timeout == SHORT && status == STATUS_ETIMEOUT);
        demand(run, known, "an exec failed by another reason than memory");
        return;
    }
    const struct reply *got = &reply->reply;
    run->outcomes++;
    if (got->outcome == OUTCOME_OK) {
        demand(run, strcmp(got->payload.body.data, wanted) == 0, "a wrong body");
    } else {
        demand(run, got->message.size > 0, "a failure without a reason");
    }
    taken_reply_free(reply);
}

/* Start, three jobs, the second of which ends its worker, stop, free. */
static struct run run_pool(bool memory_comes_back)
{
    struct run run = {0};
    struct error error = {0};
    host = pool_host_new(NULL);
    if (host == NULL) {
        return run;
    }
    int status = pool_host_start(host, &settings, LONG, &error);
    demand(&run, status == error.status, "status and error do not agree");
    demand(&run, status != STATUS_ETIMEOUT, "the start hung");
    error_clear(&error);
    run.started = status == STATUS_OK;
    if (run.started) {
        exec_one(&run, "hello", "hello", LONG);
        exec_one(&run, "exit 3", "", LONG);
        exec_one(&run, "print something", "printed", memory_comes_back ? LONG : SHORT);
        demand(&run, pool_host_stop(host, LONG, NULL) == STATUS_OK, "the stop failed");
    }
    pool_host_free(host);
    host = NULL;
    return run;
}

static void expect_no_child(void)
{
    siginfo_t info;
    ck_assert_int_eq(waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT), -1);
    ck_assert_int_eq(errno, ECHILD);
}

static void setup_for_failures(void)
{
    static char own[32];
    pool_host_free(host);
    host = NULL;
    snprintf(own, sizeof own, "%u:%u", (unsigned)geteuid(), (unsigned)getegid());
    settings.user = own;
    settings.num_workers = 1;
    settings.allocate_timeout = 2000;
    settings.relay_timeout = 2000;
    settings.destroy_timeout = 2000;
}

static void setup(void)
{
    fixture_setup();
    setup_for_failures();
}

/* _i: when odd, no memory comes back after the first failure; from 2 on over a socket, from 4 on for
   breakpoints. */
START_TEST(each_allocation_may_fail)
{
    if (_i == 2 || _i == 3) {
        fixture_setup_unix();
        setup_for_failures();
    }
    settings.debug = _i >= 4;
    int number = 0;
    int started = 0;
    for (bool failed = true; failed; number++) {
        failing_memory_arm(number, _i % 2 == 1);
        struct run run = run_pool(_i % 2 == 0);
        failed = failing_memory_disarm();
        started += run.started ? 1 : 0;
        ck_assert_msg(run.wrong == NULL, "allocation %d: %s", number, run.wrong);
        expect_no_child();
        ck_assert(failed || run.outcomes == 3 || _i % 2 == 1);
    }
    /* it did go through all the phases */
    ck_assert_int_gt(number, 40);
    ck_assert_int_gt(started, 5);
}
END_TEST

static bool was_scaled(void)
{
    const struct log_line *line;
    while ((line = pool_host_log_next(host)) != NULL) {
        if (strstr(line->text.data, "more worker") != NULL) {
            return true;
        }
    }
    return false;
}

/* From when an additional worker is wished for: it may not come, and the jobs end all the same. */
START_TEST(each_allocation_for_an_additional_worker_may_fail)
{
    struct payload payload = {.body = bytes_of_text("sleep 150")};
    settings.max_workers = 1;
    settings.spawn_rate = 5;
    settings.idle_timeout = 20000;
    int number = 0;
    for (bool whole = false; !whole; number++) {
        int outcomes = 0;
        host = pool_host_new(NULL);
        ck_assert_int_eq(pool_host_start(host, &settings, LONG, NULL), STATUS_OK);
        pool_host_submit(host, &payload, NULL, NULL);
        pool_host_submit(host, &payload, NULL, NULL);
        failing_memory_arm(number, false);
        for (struct taken_reply *reply = NULL;
             outcomes < 2 && pool_host_next(host, 0, LONG, &reply, NULL) == STATUS_OK; outcomes++) {
            taken_reply_free(reply);
        }
        int status = pool_host_stop(host, LONG, NULL);
        /* where the job had its worker back before the patience was over, it proves nothing */
        whole = !failing_memory_disarm() && was_scaled();
        pool_host_free(host);
        host = NULL;
        ck_assert_int_lt(number, 500);
        ck_assert_msg(outcomes == 2 && status == STATUS_OK, "allocation %d", number);
        expect_no_child();
    }
    ck_assert_int_gt(number, 10);
}
END_TEST

/* allocate_timeout, short here since it is what a lost worker costs, is also the time to boot. */
static void start_on_a_busy_machine(void)
{
    int status = STATUS_EWORKER;
    for (int tries = 0; status == STATUS_EWORKER && tries < 50; tries++) {
        pool_host_free(host);
        host = pool_host_new(NULL);
        status = pool_host_start(host, &settings, LONG, NULL);
    }
    ck_assert_int_eq(status, STATUS_OK);
}

/* Keys, answers that are kept because it is not clear whose they are, a death amid a keyed job, a reset
   and a stop: whatever has been submitted has its outcome. _i: when odd, no memory comes back. */
START_TEST(each_allocation_for_keys_and_kept_answers_may_fail)
{
    static const char *const bodies[] = {"final x", "hello", "hello", "exit 3", "hello", "final y"};
    static const char *const keys[] = {"", "one key", "", "another", "another", "one key"};
    enum { COUNT = sizeof bodies / sizeof *bodies };
    settings.prefetch = 4;
    settings.num_workers = 2;
    settings.max_jobs = 5;
    settings.reset_timeout = 1000;
    settings.allocate_timeout = 300;
    int number = 0;
    int outcomes = 0;
    for (bool failed = true; failed; number++) {
        int submitted = 0;
        outcomes = 0;
        start_on_a_busy_machine();
        failing_memory_arm(number, _i % 2 == 1);
        for (int i = 0; i < COUNT; i++) {
            struct payload payload = {.body = bytes_of_text(bodies[i])};
            struct pool_host_terms terms = {bytes_of_text(keys[i]), POOL_HOST_PRIORITY};
            int64_t id = pool_host_submit(host, &payload, &terms, NULL);
            submitted += id > 0 ? 1 : 0;
            if (i == COUNT / 2) {
                pool_host_reset(host, NULL);
            }
        }
        for (struct taken_reply *reply = NULL;
             outcomes < submitted && pool_host_next(host, 0, LONG, &reply, NULL) == STATUS_OK;
             outcomes++) {
            taken_reply_free(reply);
        }
        int status = pool_host_stop(host, LONG, NULL);
        failed = failing_memory_disarm();
        pool_host_free(host);
        host = NULL;
        ck_assert_msg(outcomes == submitted && status == STATUS_OK,
                      "allocation %d: %d of %d outcomes, %d", number, outcomes, submitted, status);
        expect_no_child();
        ck_assert_int_lt(number, 1000);
    }
    ck_assert_int_eq(outcomes, COUNT);
    ck_assert_int_gt(number, 40);
}
END_TEST

TCase *allocations_case(void);

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pool_memory");
    TCase *test = tcase_create("memory");
    tcase_set_timeout(test, 110);
    tcase_add_checked_fixture(test, setup, NULL);
    tcase_add_loop_test(test, each_allocation_may_fail, 0, 6);
    tcase_add_test(test, each_allocation_for_an_additional_worker_may_fail);
    tcase_add_loop_test(test, each_allocation_for_keys_and_kept_answers_may_fail, 0, 2);
    suite_add_tcase(suite, test);
    suite_add_tcase(suite, allocations_case());
    return suite;
}
