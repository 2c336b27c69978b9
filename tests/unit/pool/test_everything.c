/* All that a pool can be told at once, by chance: whatever meets, each job has one outcome, the jobs of a
   key keep their order and never run beside each other, the books balance and nothing is left. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log_console.h"
#include "fixture.h"
#include "loop/loop.h"
#include "payload/executor.h"

enum { JOBS = 250, AT_ONCE = 30, KEYS = 4, PIDS = 8, STOP_FILES = 100, ROUNDS = 10 };

struct entry {
    struct job job;
    char body[128];
    char key[2];
    bool submitted;
    bool had_room;
    bool ended;
};

static struct loop *loop;
static struct executor *executor;
static struct entry entries[JOBS];
static size_t submitted;
static size_t ended;
static size_t last_of_key[KEYS];
static long long free_since[KEYS]; /* when the last answered job of the key had ended */
static pid_t pids[PIDS];           /* that have answered lately */
static unsigned seed;
static bool started;
static bool failed;
static bool stopped;
static bool ill;
static bool pulls; /* submits where there is room, and when it is told, as a source does */
static bool eager; /* submits from within `done` */
static char stop_file[64];

static unsigned chance(unsigned of)
{
    return (unsigned)rand_r(&seed) % of;
}

static void expect_balance(bool within)
{
    struct executor_stats stats;
    executor_read_stats(executor, &stats);
    uint64_t outcomes = 0;
    uint64_t died = 0;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        outcomes += stats.outcomes[i];
    }
    for (int i = 0; i < DEATH_CAUSE_COUNT; i++) {
        died += stats.deaths[i];
    }
    ck_assert_uint_eq(stats.submitted, submitted);
    ck_assert_uint_eq(outcomes, ended);
    ck_assert_msg(stats.submitted ==
                      outcomes + stats.queued + stats.behind_keys + stats.in_flight + stats.refused,
                  "%d: %llu submitted, %llu ended, %llu queued, %llu behind keys, %llu in flight, "
                  "%llu refused",
                  within, (unsigned long long)stats.submitted, (unsigned long long)outcomes,
                  (unsigned long long)stats.queued, (unsigned long long)stats.behind_keys,
                  (unsigned long long)stats.in_flight, (unsigned long long)stats.refused);
    if (!within) {
        ck_assert_uint_eq(stats.workers_started, died + stats.workers_booting +
                                                     stats.workers_ready + stats.workers_working +
                                                     stats.workers_leaving);
        ck_assert_uint_eq(stats.workers_died, died);
    }
}

static void make_body(struct entry *entry)
{
    static const char *const bodies[] = {"hello",  "clock 2",   "clock 20", "clock 1",  "error no",
                                         "exit 1", "kill",      "sleep 5",  "",         "final hi",
                                         "hello",  "garbage x", "close",    "cut",      "clock 0",
                                         "exit 0", "clock 3",   "doze 30",  "mumble x", "final ho"};
    unsigned which = chance(40);
    if (which < 20) {
        snprintf(entry->body, sizeof entry->body, "%s", bodies[which]);
    } else if (which == 20) {
        snprintf(entry->body, sizeof entry->body, "stop %s.%u", stop_file, chance(STOP_FILES));
    } else if (which == 21) {
        snprintf(entry->body, sizeof entry->body, "sleep 600");
    } else {
        snprintf(entry->body, sizeof entry->body, "clock %u", chance(4));
    }
}

static void submit_next(void)
{
    struct entry *entry = &entries[submitted];
    make_body(entry);
    entry->job = (struct job){.id = submitted, .payload.body = bytes_of_text(entry->body)};
    if (chance(3) != 0) {
        entry->key[0] = (char)('a' + chance(KEYS));
        entry->job.key = entry->key;
        entry->job.key_size = 1;
    }
    entry->submitted = true;
    entry->had_room = executor_room(executor) > 0;
    submitted++;
    executor_submit(executor, &entry->job);
}

static void expect_order(const struct entry *entry, const struct reply *reply)
{
    if (entry->job.key_size == 0 || reply->outcome == OUTCOME_REJECTED ||
        reply->outcome == OUTCOME_CANCELLED) {
        return;
    }
    size_t key = (size_t)(entry->key[0] - 'a');
    ck_assert_msg(last_of_key[key] <= entry->job.id, "%zu before %zu", last_of_key[key],
                  (size_t)entry->job.id);
    last_of_key[key] = entry->job.id;
    long long begin;
    long long end;
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)reply->payload.body.size,
             (const char *)reply->payload.body.data);
    if (strncmp(entry->body, "clock", 5) == 0 && reply->outcome == OUTCOME_OK &&
        sscanf(text, "%lld %lld", &begin, &end) == 2) {
        ck_assert_msg(begin >= free_since[key], "job %zu of %s began too early",
                      (size_t)entry->job.id, entry->key);
        free_since[key] = end;
    }
}

static void done(void *owner, struct job *job, const struct reply *reply)
{
    (void)owner;
    struct entry *entry = container_of(job, struct entry, job);
    ck_assert(entry->submitted);
    ck_assert(!entry->ended);
    ck_assert(!stopped);
    ck_assert_msg(!entry->had_room || reply->outcome != OUTCOME_REJECTED ||
                      memmem(reply->message.data, reply->message.size, "max_queue_size", 14) ==
                          NULL,
                  "there was room for job %zu, and it was refused", (size_t)job->id);
    entry->ended = true;
    ended++;
    pids[ended % PIDS] = reply->pid;
    expect_order(entry, reply);
    expect_balance(true);
    memset(entry->body, '!', sizeof entry->body); /* it is the submitter's again */
    memset(&entry->job.payload, 0x5a, sizeof entry->job.payload);
    if (eager && submitted < JOBS) {
        submit_next();
    }
    if (eager && chance(60) == 0) {
        executor_reset(executor, NULL);
    }
    if (eager && submitted == JOBS && chance(20) == 0) {
        executor_stop(executor);
    }
}

static void pull(void)
{
    while (pulls && submitted < JOBS && executor_room(executor) > 0) {
        submit_next();
    }
}

static void has_started(void *owner)
{
    (void)owner;
    ck_assert(!started);
    started = true;
    pull();
}

static void room(void *owner)
{
    (void)owner;
    ck_assert(!stopped);
    pull();
    if (!pulls && chance(3) == 0 && submitted < JOBS) {
        submit_next();
    }
}

static void health(void *owner, const struct error *reason, int64_t next_try)
{
    (void)owner;
    (void)next_try;
    ck_assert(!stopped);
    ck_assert_int_ne(ill, reason != NULL);
    ill = reason != NULL;
}

static void has_failed(void *owner, const struct error *error)
{
    (void)owner;
    (void)error;
    failed = true;
}

static void has_stopped(void *owner)
{
    (void)owner;
    ck_assert(!stopped);
    stopped = true;
}

static const struct executor_events events = {done,   has_started, room,
                                              health, has_failed,  has_stopped};

static bool is_ours(pid_t pid)
{
    siginfo_t info = {0};
    return pid > 0 && waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

static void pick_settings(void)
{
    static char *const relays[] = {"pipes", NULL, "unix://", "tcp://127.0.0.1:0"};
    static char local[64];
    settings.num_workers = 1 + chance(3);
    settings.prefetch = 1 + chance(4);
    settings.max_jobs = chance(3) == 0 ? 1 + chance(20) : 0;
    settings.max_jobs = chance(6) == 0 ? 1 : settings.max_jobs;
    settings.max_workers = chance(2) == 0 ? 1 + chance(3) : 0;
    settings.spawn_rate = 1 + chance(10);
    settings.idle_timeout = 1 + chance(60);
    settings.reset_timeout = chance(2) == 0 ? 1 + chance(50) : 0;
    settings.exec_ttl = chance(4) == 0 ? 150 : 300;
    settings.watch_tick = 10;
    settings.ttl = chance(4) == 0 ? 300 : 0;
    settings.idle_ttl = chance(3) == 0 ? 20 : 0;
    settings.max_worker_memory = chance(4) == 0 ? (size_t)300 << 20 : 0;
    settings.destroy_timeout = 200;
    settings.max_queue_size = chance(3) == 0 ? 1 + chance(AT_ONCE - 8) : 0;
    settings.keep_trying = chance(2) == 0;
    settings.debug = chance(8) == 0;
    settings.relay_timeout = 20000;
    settings.relay = relays[chance(4)];
    if (settings.relay != NULL && strcmp(settings.relay, "unix://") == 0) {
        snprintf(local, sizeof local, "unix:///tmp/coyote-everything-%d.sock", (int)getpid());
        settings.relay = local;
    }
    if (settings.debug) {
        settings.exec_ttl = 0;
    }
}

static void something_happens(void)
{
    pid_t pid = pids[chance(PIDS)];
    switch (chance(40)) {
    case 0:
        if (is_ours(pid)) {
            kill(pid, SIGKILL);
        }
        break;
    case 1:
        if (is_ours(pid) && !settings.debug) {
            kill(pid, SIGSTOP);
        }
        break;
    case 2:
        executor_reset(executor, NULL);
        break;
    case 3:
        if (is_ours(pid)) {
            kill(pid, SIGTERM);
        }
        break;
    case 4:
        usleep(chance(30) * 1000);
        break;
    default:
        break;
    }
}

static void step(void)
{
    struct error error = {0};
    int status = loop_step(loop, clock_after(20000), &error);
    ck_assert_msg(status == STATUS_OK, "%zu of %zu ended: %s", ended, submitted,
                  error_text(&error));
    expect_balance(false);
}

static int open_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;
    while (readdir(folder) != NULL) {
        count++;
    }
    closedir(folder);
    return count;
}

static void remove_stop_files(void)
{
    char path[80];
    for (int i = 0; i < STOP_FILES; i++) {
        snprintf(path, sizeof path, "%s.%d", stop_file, i);
        unlink(path);
    }
}

START_TEST(everything_at_once)
{
    seed = (unsigned)_i;
    snprintf(stop_file, sizeof stop_file, "/tmp/coyote-everything-%d", (int)getpid());
    int before = open_descriptors();
    loop = loop_new(NULL);
    pick_settings();
    pulls = chance(3) == 0;
    eager = !pulls && chance(2) == 0;
    struct error error = {0};
    int status = pool_new(loop, NULL, &settings, &events, NULL, &executor, &error);
    ck_assert_msg(status == STATUS_OK, "%s", error_text(&error));
    ck_assert_int_eq(executor_start(executor, NULL), STATUS_OK);
    while (!started && !failed) {
        step();
    }
    ck_assert(started);
    size_t until = chance(3) == 0 ? JOBS / 2 : JOBS;
    while (ended < until && !stopped) {
        while (!pulls && submitted < JOBS && submitted < ended + AT_ONCE) {
            submit_next();
        }
        something_happens();
        if (ended < until && !stopped) {
            step();
        }
    }
    for (int i = 0; i < PIDS; i++) {
        if (is_ours(pids[i])) {
            kill(pids[i], SIGCONT);
        }
    }
    if (chance(4) != 0) {
        chance(3) == 0 ? executor_stop_now(executor) : executor_stop(executor);
        while (!stopped) {
            step();
        }
        ck_assert_uint_eq(ended, submitted);
    }
    size_t total = submitted;
    eager = false;
    executor_free(executor);
    remove_stop_files();
    ck_assert_uint_eq(ended, total);
    loop_free(loop);
    ck_assert_int_eq(open_descriptors(), before);
    errno = 0;
    siginfo_t info = {0};
    int left = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
    ck_assert_msg(left != 0 && errno == ECHILD, "a child is left: %d", (int)info.si_pid);
}
END_TEST

TCase *everything_case(void);
TCase *everything_case(void)
{
    TCase *test = tcase_create("everything");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, fixture_setup, fixture_teardown);
    tcase_add_loop_test(test, everything_at_once, 1, 1 + ROUNDS);
    return test;
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pool_everything");
    suite_add_tcase(suite, everything_case());
    return suite;
}
