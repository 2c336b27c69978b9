/* A worker in C (tests/fixtures/workers/obedient.c) in a pool, over every way and protocol. */
#include <bindings.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

static const char *const protocols[] = {"v2", "v3", "auto"};

enum { RELAYS = 3, PROTOCOLS = 3, LANES = RELAYS * PROTOCOLS };

static coy_pool *pool;
static char marker[64];

static void set(const char *key, const char *value)
{
    ck_assert_msg(coy_pool_set(pool, key, value) == COY_OK, "%s", coy_error_message());
}

static void open_lane(int lane, const char *options)
{
    char text[128];
    snprintf(text, sizeof text, "%s%s", WORKER, options);
    pool = coy_pool_new(text);
    snprintf(text, sizeof text, "unix:///tmp/coyote-c-%d.sock", (int)getpid());
    const char *const relays[RELAYS] = {"pipes", text, "tcp://127.0.0.1:0"};
    set("num_workers", "1");
    set("relay", relays[lane % RELAYS]);
    set("protocol", protocols[lane / RELAYS]);
}

static void start(void)
{
    ck_assert_msg(coy_pool_start(pool, 30000) == COY_OK, "%s", coy_error_message());
}

static bool is_v2(int lane)
{
    return lane / RELAYS == 0;
}

static void setup(void)
{
    snprintf(marker, sizeof marker, "/tmp/coyote-c-marker-%d", (int)getpid());
    unlink(marker);
}

static void teardown(void)
{
    unlink(marker);
    coy_pool_free(pool);
    pool = NULL;
}

static coy_reply *exec(const char *context, const void *body, size_t size)
{
    coy_reply *reply = coy_pool_exec(pool, context, strlen(context), body, size, 30000);
    ck_assert_msg(reply != NULL, "%s", coy_error_message());
    return reply;
}

static void expect(const char *body, int outcome, const char *text)
{
    coy_reply *reply = exec("", body, strlen(body));
    ck_assert_msg(coy_reply_outcome(reply) == outcome, "%d: %s", coy_reply_outcome(reply),
                  (const char *)coy_reply_message(reply));
    const char *told = outcome == COY_OUTCOME_OK ? coy_reply_body(reply) : coy_reply_message(reply);
    ck_assert_msg(strstr(told, text) != NULL, "\"%s\" is not in: %s", text, told);
    coy_reply_free(reply);
}

static long pid_of_worker(void)
{
    coy_reply *reply = exec("", "pid", 3);
    long pid = atol(coy_reply_body(reply));
    ck_assert_int_eq(pid, coy_reply_pid(reply));
    coy_reply_free(reply);
    return pid;
}

START_TEST(payloads_of_every_size)
{
    static const size_t sizes[] = {1, 64 * 1024, 3 * 1024 * 1024, 4079, 4080, 4096, 2, 0};
    char *bytes = malloc(sizes[2]);
    for (size_t i = 0; i < sizes[2]; i++) {
        bytes[i] = (char)(i * 7 + (i >> 8)); /* NULs too */
    }
    open_lane(_i, "");
    start();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        coy_reply *reply = exec("a context", bytes, sizes[i]);
        if (sizes[i] == 0 && is_v2(_i)) {
            ck_assert_int_eq(coy_reply_outcome(reply), COY_OUTCOME_REJECTED);
        } else {
            ck_assert_int_eq(coy_reply_outcome(reply), COY_OUTCOME_OK);
            ck_assert_uint_eq(coy_reply_body_size(reply), sizes[i]);
            ck_assert_int_eq(memcmp(coy_reply_body(reply), bytes, sizes[i]), 0);
            ck_assert_str_eq(coy_reply_context(reply), "a context");
        }
        coy_reply_free(reply);
    }
    coy_reply *reply = coy_pool_exec(pool, bytes, 70000, bytes, 9, 30000);
    ck_assert_uint_eq(coy_reply_context_size(reply), 70000);
    ck_assert_int_eq(memcmp(coy_reply_context(reply), bytes, 70000), 0);
    coy_reply_free(reply);
    expect("nothing", COY_OUTCOME_OK, "");
    free(bytes);
}
END_TEST

START_TEST(errors_deaths_and_their_reasons)
{
    open_lane(_i, "");
    start();
    long pid = pid_of_worker();
    expect("error it hurts", COY_OUTCOME_ERROR, "it hurts");
    ck_assert_int_eq(pid_of_worker(), pid);
    expect("exit 3", COY_OUTCOME_CRASHED, "leaving with 3");
    expect("kill", COY_OUTCOME_CRASHED, "ended by signal 9");
    long next = pid_of_worker();
    ck_assert_int_ne(next, pid);
    ck_assert_int_eq(kill((pid_t)next, SIGKILL), 0);
    coy_reply *reply = exec("", "hello", 5); /* may meet the dying one */
    ck_assert(coy_reply_outcome(reply) == COY_OUTCOME_OK ||
              coy_reply_outcome(reply) == COY_OUTCOME_CRASHED);
    coy_reply_free(reply);
    ck_assert_int_ne(pid_of_worker(), next);
}
END_TEST

START_TEST(a_job_that_is_too_slow)
{
    open_lane(_i, "");
    set("exec_ttl", "100ms");
    start();
    expect("sleep 60000", COY_OUTCOME_TIMED_OUT, "");
    expect("hello", COY_OUTCOME_OK, "hello");
}
END_TEST

/* The payload goes back, and what waits behind it runs once. */
START_TEST(a_worker_that_asks_to_stop)
{
    char body[128];
    char notes[96];
    open_lane(_i, "");
    set("prefetch", "8");
    start();
    snprintf(notes, sizeof notes, "%s-notes", marker);
    unlink(notes);
    for (int i = 0; i < 6; i++) {
        snprintf(body, sizeof body, i == 0 ? "stop %s" : "note %s-notes", marker);
        ck_assert_int_gt(coy_pool_submit(pool, NULL, 0, body, strlen(body)), 0);
    }
    for (int i = 0; i < 6; i++) {
        coy_reply *reply = coy_pool_next(pool, 30000);
        ck_assert_msg(coy_reply_outcome(reply) == COY_OUTCOME_OK, "%s",
                      (const char *)coy_reply_message(reply));
        coy_reply_free(reply);
    }
    FILE *file = fopen(notes, "r");
    ck_assert_ptr_nonnull(file);
    int lines = 0;
    while (fgets(body, sizeof body, file) != NULL) {
        lines++;
    }
    fclose(file);
    unlink(notes);
    ck_assert_int_eq(lines, 5);
}
END_TEST

static void many(int lane, const char *options)
{
    enum { JOBS = 2000 };
    char body[32];
    open_lane(lane, options);
    set("num_workers", "2");
    set("prefetch", "16");
    start();
    int64_t first = 0;
    int64_t pids[2] = {0, 0};
    for (int i = 0; i < JOBS; i++) {
        snprintf(body, sizeof body, "job %d", i);
        int64_t job = coy_pool_submit(pool, "c", 1, body, strlen(body));
        first = i == 0 ? job : first;
    }
    for (int i = 0; i < JOBS; i++) {
        coy_reply *reply = coy_pool_next(pool, 30000);
        ck_assert_msg(reply != NULL, "%s", coy_error_message());
        snprintf(body, sizeof body, "job %d", (int)(coy_reply_job(reply) - first));
        ck_assert_str_eq(coy_reply_body(reply), body);
        ck_assert_str_eq(coy_reply_context(reply), "c");
        int64_t pid = coy_reply_pid(reply); /* of two, none of which was ever replaced */
        int64_t *place = pids[0] == 0 || pids[0] == pid ? &pids[0] : &pids[1];
        ck_assert(*place == 0 || *place == pid);
        *place = pid;
        coy_reply_free(reply);
    }
    ck_assert_int_ne(pids[0], 0);
}

START_TEST(many_jobs_on_their_way)
{
    many(_i, "");
}
END_TEST

/* What was read ahead is not missed by a worker that polls. */
START_TEST(many_jobs_for_a_worker_that_polls)
{
    many(_i, " --poll");
}
END_TEST

/* Of its own accord, by the server's word: nobody has to kill it. */
START_TEST(the_end_of_the_pool_is_the_worker_s)
{
    open_lane(_i, "");
    start();
    pid_t pid = (pid_t)pid_of_worker();
    ck_assert_int_eq(coy_pool_stop(pool, 30000), COY_OK);
    ck_assert_int_eq(kill(pid, 0), -1);
    coy_log_line *line;
    while ((line = coy_pool_log_next(pool)) != NULL) {
        ck_assert_msg(coy_log_line_level(line) < COY_LOG_WARNING, "%s",
                      (const char *)coy_log_line_text(line));
    }
}
END_TEST

START_TEST(what_a_worker_prints_is_no_answer)
{
    open_lane(_i, "");
    start();
    if (_i == 0) { /* the channel itself, by protocol v2 over pipes */
        expect("print noise", COY_OUTCOME_CRASHED, "noise");
        return;
    }
    expect("print noise", COY_OUTCOME_OK, "printed");
    expect("env RR_RELAY", COY_OUTCOME_OK,
           _i % RELAYS == 0   ? "pipes://fd/3:fd/4"
           : _i % RELAYS == 1 ? "unix:///tmp/"
                              : "tcp://127.0.0.1:");
}
END_TEST

TCase *relay_pool_case(void);
TCase *relay_pool_case(void)
{
    TCase *test = tcase_create("relay_pool");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_loop_test(test, payloads_of_every_size, 0, LANES);
    tcase_add_loop_test(test, errors_deaths_and_their_reasons, 0, LANES);
    tcase_add_loop_test(test, a_job_that_is_too_slow, 0, LANES);
    tcase_add_loop_test(test, a_worker_that_asks_to_stop, 0, LANES);
    tcase_add_loop_test(test, many_jobs_on_their_way, 0, LANES);
    tcase_add_loop_test(test, many_jobs_for_a_worker_that_polls, 0, LANES);
    tcase_add_loop_test(test, the_end_of_the_pool_is_the_worker_s, 0, LANES);
    tcase_add_loop_test(test, what_a_worker_prints_is_no_answer, 0, LANES);
    return test;
}
