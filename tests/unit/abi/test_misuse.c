#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi_fixture.h"

START_TEST(settings_and_variables_reach_the_workers)
{
    coy_pool *pool = coy_pool_new(obedient);
    ck_assert_int_eq(coy_pool_set(pool, "numWorkers", "1"), COY_OK);
    ck_assert_int_eq(coy_pool_set(pool, "env.greeting", "it's: {a} #b"), COY_OK);
    ck_assert_int_eq(coy_pool_set(pool, "max_payload_size", "1KiB"), COY_OK);
    ck_assert_int_eq(coy_pool_set(pool, "exec_ttl", "300ms"), COY_OK);
    ck_assert_int_eq(coy_pool_set(pool, "supervisor.ttl", "1h"), COY_OK);
    ck_assert_int_eq(coy_pool_set(pool, "pool.supervisor.idleTTL", "60"), COY_OK);
    ck_assert_int_eq(coy_pool_start(pool, 30000), COY_OK);
    expect_body(coy_pool_exec(pool, NULL, 0, "env GREETING", 12, 30000), "it's: {a} #b");
    expect_body(coy_pool_exec(pool, NULL, 0, "env RR", 6, 30000), "true");
    ck_assert_int_eq(coy_pool_reset(pool), COY_OK);
    coy_reply *late = coy_pool_exec(pool, NULL, 0, "sleep 20000", 11, 30000);
    ck_assert_int_eq(coy_reply_outcome(late), COY_OUTCOME_TIMED_OUT);
    coy_reply_free(late);
    char large[2000] = {0};
    coy_reply *reply = coy_pool_exec(pool, NULL, 0, large, sizeof large, 30000);
    ck_assert_int_eq(coy_reply_outcome(reply), COY_OUTCOME_REJECTED);
    ck_assert(!coy_reply_may_have_run(reply));
    coy_reply_free(reply);
    coy_pool_free(pool);
}
END_TEST

START_TEST(a_reply_outlives_its_pool)
{
    coy_pool *pool = started_pool();
    coy_reply *reply = coy_pool_exec(pool, "c", 1, "hello", 5, 30000);
    coy_pool_free(pool);
    expect_body(reply, "hello");
}
END_TEST

START_TEST(a_pool_freed_amid_jobs_leaves_nothing)
{
    coy_pool *pool = started_pool();
    for (int i = 0; i < 100; i++) {
        ck_assert_int_gt(coy_pool_submit(pool, NULL, 0, "sleep 60000", 11), 0);
    }
    coy_pool_free(pool);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(a_broken_pipe_raises_no_signal)
{
    signal(SIGPIPE, SIG_DFL);
    coy_pool *pool = started_pool();
    coy_reply *reply = coy_pool_exec(pool, NULL, 0, "pid", 3, 30000);
    pid_t pid = (pid_t)coy_reply_pid(reply);
    coy_reply_free(reply);
    for (int i = 0; i < 50; i++) {
        kill(pid, SIGKILL);
        reply = coy_pool_exec(pool, NULL, 0, "pid", 3, 30000);
        pid = (pid_t)coy_reply_pid(reply);
        ck_assert_int_ge(coy_reply_outcome(reply), 0);
        coy_reply_free(reply);
    }
    coy_pool_free(pool);
}
END_TEST

static void *fail_once(void *message)
{
    coy_pool_stop(NULL, 0);
    snprintf(message, 200, "%s", coy_error_message());
    return NULL;
}

START_TEST(each_thread_has_its_own_error)
{
    char other[200];
    pthread_t thread;
    ck_assert_ptr_null(coy_pool_new(""));
    ck_assert_int_eq(coy_error_status(), COY_ECONFIG);
    ck_assert_int_eq(pthread_create(&thread, NULL, fail_once, other), 0);
    pthread_join(thread, NULL);
    ck_assert_ptr_nonnull(strstr(other, "NULL"));
    ck_assert_int_eq(coy_error_status(), COY_ECONFIG);
    ck_assert_ptr_nonnull(strstr(coy_error_message(), "the command is empty"));
}
END_TEST

TCase *misuse_case(void);
TCase *misuse_case(void)
{
    TCase *test = tcase_create("misuse");
    tcase_set_timeout(test, 120);
    tcase_add_test(test, settings_and_variables_reach_the_workers);
    tcase_add_test(test, a_reply_outlives_its_pool);
    tcase_add_test(test, a_pool_freed_amid_jobs_leaves_nothing);
    tcase_add_test(test, a_broken_pipe_raises_no_signal);
    tcase_add_test(test, each_thread_has_its_own_error);
    return test;
}
