/* The books of a pool balance whatever becomes of its jobs and workers. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "pool_world.h"

enum { JOBS = 400, AT_ONCE = 30, KEYS = 5 };

static struct pool_world world;
static struct job jobs[JOBS];

static void teardown(void)
{
    pool_world_close(&world);
    fixture_teardown();
}

/* Most are answered; some are refused, take too long, end their worker, or stop it. */
static struct job job_of(size_t number, unsigned *seed)
{
    static const char *const bodies[] = {"hello", "hello",       "error no", "exit 1", "sleep 20",
                                         "",      "sleep 60000", "hello",    "kill",   "sleep 1"};
    static char keys[KEYS][2] = {"a", "b", "c", "d", "e"};
    struct job job = {
        .id = number,
        .payload.body = bytes_of_text(bodies[(unsigned)rand_r(seed) % 10]),
    };
    job.priority = (uint8_t)(rand_r(seed) % JOB_PRIORITIES);
    if (number % 3 != 0) {
        job.key = keys[(unsigned)rand_r(seed) % KEYS];
        job.key_size = 1;
    }
    return job;
}

/* Unless it has ended already: its number may be somebody else's by now. */
static void kill_worker(pid_t pid)
{
    siginfo_t info = {0};
    if (pid > 0 && waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid == 0) {
        kill(pid, SIGKILL);
    }
}

START_TEST(the_books_balance_between_any_two_steps)
{
    unsigned seed = 5;
    size_t submitted = 0;
    uint64_t taken_back = 0;
    struct executor_stats stats;
    settings.num_workers = 3;
    settings.prefetch = 3;
    settings.max_jobs = 40;
    settings.exec_ttl = 250;
    settings.max_queue_size = AT_ONCE - 8; /* some find it full */
    pool_world_open(&world);
    while (world.ended < JOBS) {
        while (submitted < JOBS && submitted < world.ended + AT_ONCE) {
            jobs[submitted] = job_of(submitted, &seed);
            executor_submit(world.executor, &jobs[submitted++]);
            pool_world_expect_balance(&world);
        }
        size_t one = (unsigned)rand_r(&seed) % submitted;
        taken_back += rand_r(&seed) % 8 == 0 && executor_cancel(world.executor, &jobs[one]);
        pool_world_expect_balance(&world);
        if (rand_r(&seed) % 40 == 0) {
            kill_worker(world.pid);
        }
        if (submitted == JOBS / 2) {
            executor_reset(world.executor, NULL);
        }
        pool_world_step(&world);
    }
    pool_world_stop(&world);
    executor_read_stats(world.executor, &stats);
    ck_assert_uint_eq(stats.submitted, JOBS);
    ck_assert_uint_eq(stats.queued + stats.behind_keys + stats.in_flight + stats.refused, 0);
    ck_assert_uint_eq(stats.workers_started, stats.workers_died);
    /* it did see what it was to balance */
    ck_assert_uint_gt(stats.outcomes[OUTCOME_OK], 0);
    ck_assert_uint_gt(stats.outcomes[OUTCOME_ERROR], 0);
    ck_assert_uint_gt(stats.outcomes[OUTCOME_CRASHED], 0);
    ck_assert_uint_gt(stats.outcomes[OUTCOME_TIMED_OUT], 0);
    ck_assert_uint_gt(stats.outcomes[OUTCOME_REJECTED], 0);
    ck_assert_uint_gt(stats.given_back, 0);
    ck_assert_uint_gt(taken_back, 0);
    ck_assert_uint_eq(stats.outcomes[OUTCOME_CANCELLED], taken_back);
    ck_assert_uint_gt(stats.deaths[DEATH_EXIT], 0);
    ck_assert_uint_gt(stats.deaths[DEATH_SIGNAL], 0);
    ck_assert_uint_gt(stats.deaths[DEATH_EXEC_TTL], 0);
    ck_assert_uint_gt(stats.deaths[DEATH_EXPECTED], 0);
}
END_TEST

START_TEST(a_stop_cancels_what_waits)
{
    struct executor_stats stats;
    settings.num_workers = 1;
    pool_world_open(&world);
    for (size_t i = 0; i < 6; i++) {
        jobs[i] = (struct job){.id = i, .payload.body = bytes_of_text("sleep 100")};
        jobs[i].key = "key";
        jobs[i].key_size = i < 3 ? 3 : 0;
        executor_submit(world.executor, &jobs[i]);
    }
    executor_read_stats(world.executor, &stats);
    ck_assert_uint_eq(stats.in_flight, 1);
    ck_assert_uint_eq(stats.behind_keys, 2);
    ck_assert_uint_eq(stats.queued, 3);
    ck_assert_uint_eq(stats.workers_working, 1);
    pool_world_stop(&world);
    executor_read_stats(world.executor, &stats);
    ck_assert_uint_eq(stats.outcomes[OUTCOME_OK], 1);
    ck_assert_uint_eq(stats.outcomes[OUTCOME_CANCELLED], 5);
}
END_TEST

/* A host that has not started yet has nothing to count. */
START_TEST(of_a_host)
{
    struct executor_stats stats;
    pool_host_stats(host, &stats);
    ck_assert_uint_eq(stats.workers_started, 0);
    start_pool();
    expect_body(exec(NULL, "hello"), "hello");
    expect_failure(exec(NULL, "exit 3"), OUTCOME_CRASHED, true, "exited with status 3");
    pool_host_stats(host, &stats);
    ck_assert_uint_eq(stats.submitted, 2);
    ck_assert_uint_eq(stats.outcomes[OUTCOME_OK], 1);
    ck_assert_uint_eq(stats.outcomes[OUTCOME_CRASHED], 1);
    ck_assert_uint_eq(stats.workers_died, 1);
    ck_assert_uint_eq(stats.deaths[DEATH_EXIT], 1);
}
END_TEST

TCase *stats_case(void);
TCase *stats_case(void)
{
    TCase *test = tcase_create("stats");
    tcase_set_timeout(test, 100);
    tcase_add_checked_fixture(test, fixture_setup, teardown);
    tcase_add_test(test, the_books_balance_between_any_two_steps);
    tcase_add_test(test, a_stop_cancels_what_waits);
    return test;
}

TCase *host_stats_case(void);
TCase *host_stats_case(void)
{
    TCase *test = tcase_create("host stats");
    tcase_add_checked_fixture(test, fixture_setup, fixture_teardown);
    tcase_add_test(test, of_a_host);
    return test;
}
