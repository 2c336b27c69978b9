/* Workers are killed at random while they work: every job has exactly one outcome all the same. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "fixture.h"

enum { JOBS = 1500, AT_ONCE = 40, LARGE = 200000 };

static int outcomes[JOBS + 1];
static char large[LARGE + 1];

/* Some are large, so that kills come amid their writing and reading. */
static struct payload payload_of(uint64_t id)
{
    static char context[32];
    snprintf(context, sizeof context, "%llu", (unsigned long long)id);
    struct bytes body = id % 7 == 0 ? (struct bytes){large, LARGE} : bytes_of_text("small body");
    return (struct payload){bytes_of_text(context), body};
}

static void submit_next(uint64_t id)
{
    struct payload payload = payload_of(id);
    ck_assert_int_eq(pool_host_submit(host, &payload, NULL, NULL), (int64_t)id);
}

static void expect_outcome(const struct taken_reply *taken)
{
    const struct reply *reply = &taken->reply;
    struct payload wanted = payload_of(taken->id);
    ck_assert_uint_le(taken->id, JOBS);
    outcomes[taken->id]++;
    if (reply->outcome == OUTCOME_OK) {
        ck_assert(bytes_equal(reply->payload.context, wanted.context));
        ck_assert(bytes_equal(reply->payload.body, wanted.body));
        return;
    }
    ck_assert_int_eq(reply->outcome, OUTCOME_CRASHED);
    ck_assert(reply->may_have_run);
    ck_assert_msg(strstr(reply->message.data, "signal 9") != NULL, "%s",
                  (const char *)reply->message.data);
}

/* Unless it has ended already: its number may be somebody else's by now. */
static void kill_worker(pid_t pid)
{
    siginfo_t info = {0};
    if (pid > 0 && waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0) {
        kill(pid, SIGKILL);
    }
}

START_TEST(every_job_has_exactly_one_outcome)
{
    unsigned seed = 11;
    int crashed = 0;
    uint64_t submitted = 0;
    memset(large, 'x', LARGE);
    memset(outcomes, 0, sizeof outcomes);
    settings.num_workers = 3;
    settings.prefetch = 4;
    settings.max_jobs = 50;
    start_pool();
    for (int taken = 0; taken < JOBS; taken++) {
        struct taken_reply *reply;
        struct error error = {0};
        while (submitted < JOBS && submitted < (uint64_t)taken + AT_ONCE) {
            submit_next(++submitted);
        }
        int status = pool_host_next(host, 0, 30000, &reply, &error);
        ck_assert_msg(status == STATUS_OK, "%s", error_text(&error));
        expect_outcome(reply);
        crashed += reply->reply.outcome == OUTCOME_CRASHED ? 1 : 0;
        if (rand_r(&seed) % 30 == 0) {
            kill_worker(reply->reply.pid);
        }
        taken_reply_free(reply);
        while (pool_host_log_next(host) != NULL) {
        }
    }
    for (int id = 1; id <= JOBS; id++) {
        ck_assert_int_eq(outcomes[id], 1);
    }
    ck_assert_int_gt(crashed, 0);
    struct taken_reply *reply;
    ck_assert_int_eq(pool_host_next(host, 0, 0, &reply, NULL), STATUS_ETIMEOUT);
    ck_assert_int_eq(pool_host_stop(host, 20000, NULL), STATUS_OK);
}
END_TEST

TCase *chaos_case(void);
TCase *chaos_case(void)
{
    TCase *test = tcase_create("chaos");
    tcase_set_timeout(test, 100);
    tcase_add_checked_fixture(test, fixture_setup, fixture_teardown);
    tcase_add_test(test, every_job_has_exactly_one_outcome);
    return test;
}
