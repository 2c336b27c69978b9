/* Calls in the wrong order, and from where nobody expects them. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi_fixture.h"

/* What the calls of a pool answer while it can't do what they want. */
static void expect_not_running(coy_pool *pool, const char *words)
{
    ck_assert_int_eq(coy_pool_reset(pool), COY_ESTATE);
    ck_assert_ptr_null(coy_pool_next(pool, -1));
    expect_error(COY_ESTATE, "would never end");
    ck_assert_ptr_null(coy_pool_next(pool, 0));
    expect_error(COY_ETIMEOUT, "");
    ck_assert_ptr_null(coy_pool_wait(pool, 1, -1));
    expect_error(COY_EINVAL, words);
    ck_assert_int_eq(coy_pool_cancel(pool, 1), COY_EINVAL);
    ck_assert_int_eq(coy_pool_abandon(pool, 1), COY_EINVAL);
    ck_assert_int_ge(coy_pool_fd(pool), 0);
    ck_assert_int_eq(coy_pool_stop(pool, -1), COY_OK);
}

START_TEST(before_the_start)
{
    coy_pool *pool = new_pool();
    ck_assert_int_eq(coy_pool_submit(pool, NULL, 0, "x", 1), COY_ESTATE);
    expect_error(COY_ESTATE, "start the pool first");
    ck_assert_ptr_null(coy_pool_exec(pool, NULL, 0, "x", 1, -1));
    expect_error(COY_ESTATE, "start the pool first");
    ck_assert_ptr_null(coy_pool_log_next(pool));
    for (size_t i = 0; coy_pool_stat_name(i) != NULL; i++) {
        ck_assert_int_eq(coy_pool_stat(pool, coy_pool_stat_name(i)), 0);
    }
    expect_not_running(pool, "is unknown");
    /* a stop before the start does nothing */
    ck_assert_int_eq(coy_pool_start(pool, 30000), COY_OK);
    expect_body(exec_body(pool, "x"), "x");
    coy_pool_free(pool);
}
END_TEST

START_TEST(after_the_start)
{
    coy_pool *pool = started_pool();
    ck_assert_int_eq(coy_pool_start(pool, 0), COY_OK); /* it has been */
    ck_assert_int_eq(coy_pool_set(pool, "num_workers", "2"), COY_ESTATE);
    expect_error(COY_ESTATE, "num_workers can't be set any more");
    ck_assert_int_eq(coy_pool_stat(pool, "workers_started"), 1);
    expect_body(exec_body(pool, "x"), "x");
    coy_pool_free(pool);
}
END_TEST

START_TEST(after_the_stop)
{
    coy_pool *pool = started_pool();
    expect_body(exec_body(pool, "x"), "x");
    ck_assert_int_eq(coy_pool_stop(pool, 30000), COY_OK);
    ck_assert_int_eq(coy_pool_stop(pool, 30000), COY_OK);
    ck_assert_int_eq(coy_pool_start(pool, -1), COY_ESTATE);
    expect_error(COY_ESTATE, "the pool is stopped: make a new one");
    ck_assert_int_eq(coy_pool_set(pool, "num_workers", "2"), COY_ESTATE);
    expect_not_running(pool, "is unknown, or its outcome has been taken");
    ck_assert_int_eq(coy_pool_set_key(pool, "key", 3), COY_OK);
    ck_assert_int_eq(coy_pool_set_priority(pool, 9), COY_OK);
    expect_outcome(exec_body(pool, "x"), COY_OUTCOME_REJECTED);
    int64_t job = submit_body(pool, "x");
    ck_assert_int_eq(coy_pool_cancel(pool, job), 0);
    expect_outcome(coy_pool_next(pool, -1), COY_OUTCOME_REJECTED);
    ck_assert_int_eq(coy_pool_stat(pool, "rejected"), 2);
    coy_pool_free(pool);
}
END_TEST

START_TEST(after_a_start_that_failed)
{
    coy_pool *pool = coy_pool_new(PHP " " FIXTURES "/workers/dies_at_boot.php");
    ck_assert_int_eq(coy_pool_set(pool, "num_workers", "1"), COY_OK);
    ck_assert_int_eq(coy_pool_start(pool, 30000), COY_EWORKER);
    ck_assert_int_eq(coy_pool_start(pool, 30000), COY_EWORKER); /* and says why again */
    expect_outcome(exec_body(pool, "x"), COY_OUTCOME_REJECTED);
    ck_assert_int_eq(coy_pool_reset(pool), COY_ESTATE);
    ck_assert_int_eq(coy_pool_stop(pool, 30000), COY_OK);
    coy_pool_free(pool);
}
END_TEST

START_TEST(a_command_that_is_not_there_can_be_mended)
{
    coy_pool *pool = coy_pool_new("/nowhere/php worker.php");
    ck_assert_int_eq(coy_pool_start(pool, 30000), COY_EWORKER);
    expect_error(COY_EWORKER, "/nowhere/php");
    ck_assert_int_eq(coy_pool_set(pool, "command", obedient), COY_OK);
    ck_assert_int_eq(coy_pool_start(pool, 30000), COY_OK);
    coy_pool_free(pool);
}
END_TEST

START_TEST(freed_amid_everything)
{
    coy_pool *pool = coy_pool_new(PHP " " FIXTURES "/workers/silent.php");
    ck_assert_int_eq(coy_pool_start(pool, 10), COY_ETIMEOUT);
    submit_body(pool, "x");
    coy_pool_free(pool);
    pool = started_pool();
    ck_assert_int_eq(coy_pool_reset(pool), COY_OK);
    submit_body(pool, "sleep 60000");
    ck_assert_int_eq(coy_pool_cancel(pool, submit_body(pool, "x")), 1);
    ck_assert_int_eq(coy_pool_set_key(pool, "key", 3), COY_OK);
    coy_pool_free(pool);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* no process is left */
}
END_TEST

static void *free_it(void *pool)
{
    coy_pool_free(pool);
    return NULL;
}

START_TEST(freed_by_another_thread)
{
    pthread_t thread;
    coy_pool *pool = started_pool();
    coy_reply *reply = exec_body(pool, "kept");
    submit_body(pool, "sleep 60000");
    ck_assert_int_eq(pthread_create(&thread, NULL, free_it, pool), 0);
    pthread_join(thread, NULL);
    ck_assert_int_eq(coy_pool_fd(pool), COY_EHANDLE);
    expect_body(reply, "kept");
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

static void *free_replies(void *replies)
{
    coy_reply **each = replies;
    for (; *each != NULL; each++) {
        coy_reply_free(*each);
    }
    return NULL;
}

START_TEST(replies_freed_by_another_thread_while_the_pool_works)
{
    enum { ROUNDS = 20, REPLIES = 50 };
    static coy_reply *replies[ROUNDS][REPLIES + 1];
    pthread_t threads[ROUNDS];
    coy_pool *pool = started_pool();
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < REPLIES; i++) {
            replies[round][i] = exec_body(pool, "hello");
            ck_assert_ptr_nonnull(replies[round][i]);
        }
        ck_assert_int_eq(pthread_create(&threads[round], NULL, free_replies, replies[round]), 0);
    }
    coy_pool_free(pool);
    for (int round = 0; round < ROUNDS; round++) {
        pthread_join(threads[round], NULL);
    }
}
END_TEST

START_TEST(two_pools_at_once)
{
    coy_pool *pools[2] = {started_pool(), started_pool()};
    int64_t jobs[2];
    for (int i = 0; i < 20; i++) {
        jobs[0] = submit_body(pools[0], "one");
        jobs[1] = submit_body(pools[1], "other");
        ck_assert_int_eq(jobs[0], jobs[1]); /* each counts for itself */
        expect_body(coy_pool_wait(pools[1], jobs[1], 30000), "other");
        expect_body(coy_pool_wait(pools[0], jobs[0], 30000), "one");
    }
    expect_outcome(exec_body(pools[0], "exit 1"), COY_OUTCOME_CRASHED);
    coy_pool_free(pools[0]);
    expect_body(exec_body(pools[1], "still there"), "still there");
    coy_pool_free(pools[1]);
}
END_TEST

/* As daemons do that close whatever they did not open. */
START_TEST(a_host_that_closes_descriptors_that_are_not_its_own)
{
    enum { MOST = 1024 };
    bool before[MOST];
    for (int fd = 0; fd < MOST; fd++) {
        before[fd] = fcntl(fd, F_GETFD) >= 0;
    }
    coy_pool *pool = started_pool();
    submit_body(pool, "sleep 60000");
    for (int fd = 0; fd < MOST; fd++) {
        if (!before[fd]) {
            close(fd);
        }
    }
    ck_assert_ptr_null(coy_pool_next(pool, -1));
    expect_error(COY_ESYSTEM, "has closed descriptors that it had not opened");
    ck_assert_int_eq(coy_pool_stop(pool, -1), COY_ESYSTEM);
    coy_pool_free(pool);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* the worker has ended, and is no zombie */
    ck_assert_int_eq(errno, ECHILD);
    pool = started_pool();
    expect_body(exec_body(pool, "anew"), "anew");
    coy_pool_free(pool);
}
END_TEST

TCase *misuse_order_case(void);
TCase *misuse_order_case(void)
{
    TCase *test = tcase_create("misuse of order");
    tcase_set_timeout(test, 120);
    tcase_add_test(test, before_the_start);
    tcase_add_test(test, after_the_start);
    tcase_add_test(test, after_the_stop);
    tcase_add_test(test, after_a_start_that_failed);
    tcase_add_test(test, a_command_that_is_not_there_can_be_mended);
    tcase_add_test(test, freed_amid_everything);
    tcase_add_test(test, freed_by_another_thread);
    tcase_add_test(test, replies_freed_by_another_thread_while_the_pool_works);
    tcase_add_test(test, two_pools_at_once);
    tcase_add_test(test, a_host_that_closes_descriptors_that_are_not_its_own);
    return test;
}
