/* The child of a fork has handles that are the parent's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi_fixture.h"

static int failures; /* in the child, where an assertion is of no use */

static void expect(bool true_that, int line)
{
    if (!true_that) {
        dprintf(2, "%s:%d: not so in the child: %s\n", __FILE__, line, coy_error_message());
        failures++;
    }
}
#define EXPECT(true_that) expect(true_that, __LINE__)
#define EXPECT_FORKED(call) EXPECT((call) == COY_EFORKED && coy_error_status() == COY_EFORKED)
#define EXPECT_NULL_FORKED(call) EXPECT((call) == NULL && coy_error_status() == COY_EFORKED)

static void use_all_of(coy_pool *pool, int64_t job)
{
    EXPECT_FORKED(coy_pool_set(pool, "max_jobs", "1"));
    EXPECT_FORKED(coy_pool_start(pool, -1));
    EXPECT_FORKED(coy_pool_submit(pool, NULL, 0, "x", 1));
    EXPECT_FORKED(coy_pool_set_key(pool, "key", 3));
    EXPECT_FORKED(coy_pool_set_priority(pool, 9));
    EXPECT_FORKED(coy_pool_cancel(pool, job));
    EXPECT_FORKED(coy_pool_abandon(pool, job));
    EXPECT_FORKED(coy_pool_last_job(pool));
    EXPECT_FORKED(coy_pool_set_longest_wait(pool, 10));
    EXPECT_NULL_FORKED(coy_pool_exec(pool, NULL, 0, "x", 1, -1));
    EXPECT_NULL_FORKED(coy_pool_next(pool, -1));
    EXPECT_NULL_FORKED(coy_pool_wait(pool, job, -1));
    EXPECT_FORKED(coy_pool_reset(pool));
    EXPECT_FORKED(coy_pool_fd(pool));
    EXPECT_NULL_FORKED(coy_pool_log_next(pool));
    EXPECT_FORKED(coy_pool_stat(pool, "submitted"));
    EXPECT_FORKED(coy_pool_stop(pool, -1));
}

static void wait_for_child(pid_t child)
{
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

/* _i: whether the child frees what it has, or leaves it to the end of the process. */
START_TEST(every_call_says_so)
{
    coy_config *config = coy_config_new();
    coy_pool *new = new_pool();
    coy_pool *pool = started_pool();
    expect_outcome(exec_body(pool, "print to the log"), COY_OUTCOME_OK);
    coy_log_line *line;
    while ((line = coy_pool_log_next(pool)) == NULL) {
        coy_reply_free(coy_pool_next(pool, 20));
    }
    coy_reply *reply = exec_body(pool, "hello");
    int64_t begun = submit_body(pool, "sleep 300");
    int64_t waits = submit_body(pool, "x");
    pid_t child = fork();
    if (child == 0) {
        alarm(30); /* a hang ends it */
        use_all_of(pool, waits);
        use_all_of(new, 1);
        /* memory alone stays good */
        EXPECT(coy_config_set(config, "a", "1") == COY_OK);
        EXPECT(strcmp(coy_config_get(config, "a"), "1") == 0);
        EXPECT(strcmp(coy_reply_body(reply), "hello") == 0);
        EXPECT(coy_log_line_text_size(line) > 0);
        if (_i == 0) {
            coy_reply_free(reply);
            coy_pool_free(pool);
            coy_pool_free(new);
            coy_config_free(config);
            EXPECT(coy_pool_fd(pool) == COY_EHANDLE);
            coy_pool *own = coy_pool_new(obedient); /* and one of its own works */
            EXPECT(coy_pool_set(own, "num_workers", "1") == COY_OK);
            EXPECT(coy_pool_start(own, 20000) == COY_OK);
            coy_reply *answer = coy_pool_exec(own, NULL, 0, "mine", 4, 20000);
            EXPECT(coy_reply_outcome(answer) == COY_OUTCOME_OK);
            coy_reply_free(answer);
            coy_pool_free(own);
            _exit(failures);
        }
        exit(failures);
    }
    wait_for_child(child);
    /* the parent's goes on as if nothing had been */
    expect_body(coy_pool_wait(pool, begun, 30000), "slept");
    expect_body(coy_pool_wait(pool, waits, 30000), "x");
    ck_assert_int_eq(coy_pool_stat(pool, "workers_died"), 0);
    ck_assert_int_eq(coy_pool_stop(pool, 30000), COY_OK);
    coy_pool_free(pool);
    coy_pool_free(new);
    coy_reply_free(reply);
    coy_config_free(config);
}
END_TEST

START_TEST(a_child_that_lives_on_holds_nothing_up)
{
    coy_pool *pool = started_pool();
    int go[2];
    ck_assert_int_eq(pipe(go), 0);
    pid_t child = fork();
    if (child == 0) {
        char end;
        close(go[1]);
        EXPECT(read(go[0], &end, 1) == 0);
        _exit(failures);
    }
    close(go[0]);
    expect_outcome(exec_body(pool, "exit 3"), COY_OUTCOME_CRASHED);
    expect_body(exec_body(pool, "x"), "x");
    ck_assert_int_eq(coy_pool_stop(pool, 30000), COY_OK);
    ck_assert_int_eq(coy_pool_stat(pool, "died_destroy_timeout"), 0);
    coy_pool_free(pool);
    close(go[1]);
    wait_for_child(child);
}
END_TEST

TCase *misuse_fork_case(void);
TCase *misuse_fork_case(void)
{
    TCase *test = tcase_create("misuse of forks");
    tcase_set_timeout(test, 120);
    tcase_add_loop_test(test, every_call_says_so, 0, 2);
    tcase_add_test(test, a_child_that_lives_on_holds_nothing_up);
    return test;
}
