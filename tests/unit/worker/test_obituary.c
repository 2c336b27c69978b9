#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "death_job.h"
#include "obituary.h"
#include "suite.h"

static struct worker_settings settings;
static struct worker worker;
static struct output_tail tail;
static struct worker_death death;

static struct obituary booted(struct loop_exit exit)
{
    worker = (struct worker){.assigned = 3, .started = clock_now(), .pid = 77};
    return (struct obituary){.settings = &settings, .booted = true, .exit = exit};
}

/* The caller frees it. */
static char *write_one(const struct obituary *obituary)
{
    obituary_judge(obituary, &worker, &tail, &death);
    return obituary_write(obituary, worker.pid, &death);
}

static void expect(const struct obituary *obituary, enum death_cause cause, const char *text)
{
    char *written = write_one(obituary);
    ck_assert_str_eq(death_cause_name(death.cause), death_cause_name(cause));
    ck_assert_msg(strstr(written, text) != NULL, "\"%s\" is not in: %s", text, written);
    free(written);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

START_TEST(how_it_ended)
{
    struct obituary about = booted((struct loop_exit){.known = true, .status = 3});
    expect(&about, DEATH_EXIT, "worker 77 exited with status 3 after 3 jobs");
    ck_assert_int_eq(death.exit_status, 3);
    about =
        booted((struct loop_exit){.known = true, .status = -1, .signal = SIGSEGV, .core = true});
    expect(&about, DEATH_SIGNAL, "was ended by signal 11 (Segmentation fault), core dumped");
    ck_assert_int_eq(death.signal, SIGSEGV);
    ck_assert(death.core_dumped);
    about = booted((struct loop_exit){.status = -1});
    expect(&about, DEATH_UNKNOWN, "somebody else took its exit status");
    about.exit = (struct loop_exit){.known = true, .status = 0, .peak_memory = 3 * 512 * 1024};
    expect(&about, DEATH_EXIT, "at most 1.5 MiB of memory");
    about.booted = false;
    expect(&about, DEATH_BOOT, "exited with status 0 before it answered the handshake");
}
END_TEST

START_TEST(why_it_was_killed)
{
    static const struct {
        struct obituary about;
        enum death_cause cause;
        bool expected;
        const char *text;
    } kills[] = {
        {{.stuck = true}, DEATH_EXEC_TTL, false, "at one job for more than 1.5 s (exec_ttl)"},
        {{.stuck = true, .unfinished = true, .finish_within = 2500},
         DEATH_RESET_TIMEOUT,
         false,
         "at an old job after 2.5 s (reset_timeout)"},
        {{.overdue = true, .asked_to_end = true},
         DEATH_DESTROY_TIMEOUT,
         false,
         "(destroy_timeout)"},
        {{.overdue = true, .closed = true}, DEATH_CLOSED, false, "closed its relay"},
        {{.killed = true, .asked_to_end = true}, DEATH_KILLED, true, "killed by the pool"},
        {{.broken = true, .reason = {STATUS_EPROTOCOL, NULL}}, DEATH_PROTOCOL, false, "protocol: "},
        {{.broken = true, .reason = {STATUS_EMEMORY, NULL}}, DEATH_MEMORY, false, "memory ran out"},
    };
    settings.exec_ttl = 1500;
    for (size_t i = 0; i < sizeof kills / sizeof *kills; i++) {
        struct obituary about = kills[i].about;
        booted((struct loop_exit){0});
        about.settings = &settings;
        about.booted = true;
        about.exit = (struct loop_exit){.known = true, .status = -1, .signal = SIGKILL};
        expect(&about, kills[i].cause, kills[i].text);
        ck_assert_int_eq(death.expected, kills[i].expected);
    }
}
END_TEST

START_TEST(what_was_to_end_is_expected_unless_a_job_is_lost)
{
    struct obituary about = booted((struct loop_exit){.known = true});
    about.asked_to_end = true;
    expect(&about, DEATH_EXPECTED, "exited with status 0");
    ck_assert(death.expected);
    about.fails_a_job = true;
    expect(&about, DEATH_EXIT, "exited with status 0");
    ck_assert(!death.expected);
}
END_TEST

static struct obituary with_job(struct job job)
{
    struct obituary about = booted((struct loop_exit){.known = true, .status = 3});
    about.unanswered = 2; /* it, and one behind it */
    death_job_note(&about.job, &job);
    return about;
}

static void expect_job(struct job job, const char *text)
{
    struct obituary about = with_job(job);
    expect(&about, DEATH_EXIT, text);
    ck_assert_uint_eq(death.jobs_done, 1);
    death_job_free(&about.job);
}

START_TEST(the_job_that_it_had_is_named)
{
    char key[300];
    struct job job = {.id = 17, .payload.context = bytes_of_text("ctx")};
    expect_job(job, " after 1 job and 0.000 s; it had job 17 (3 bytes): ctx");
    job.payload.body = bytes_of_text("{\"tick\": 5}");
    job.key = "user:5";
    job.key_size = 6;
    expect_job(job, "; it had job 17 (key \"user:5\", 14 bytes): {\"tick\": 5}");
    job.key = memset(key, 'k', sizeof key);
    job.key_size = sizeof key;
    expect_job(job, "kkkk\"..., 14 bytes)");
    job.key = "\0\xff";
    job.key_size = 2;
    job.payload.body = (struct bytes){"\0\x1b\xff"
                                      "caf\xc3\xa9",
                                      8};
    expect_job(job, "(key \"\\x00\\xff\", 11 bytes): \\x00\\x1b\\xffcaf\xc3\xa9");
    job.payload = (struct payload){{NULL, 0}, {NULL, 0}};
    job.key_size = 0;
    expect_job(job, "; it had job 17 (0 bytes)");
}
END_TEST

START_TEST(of_a_large_job_the_beginning_is_told)
{
    size_t size = (size_t)60 * 1024 * 1024;
    char *body = malloc(size);
    ck_assert_ptr_nonnull(body);
    memset(body, 'b', size);
    memcpy(body + DEATH_HEAD_MOST - 1, "\xc3\xa9", 2); /* cut in its middle */
    struct obituary about = with_job((struct job){.id = 1, .payload.body = {body, size}});
    free(body); /* from now on it is the submitter's */
    char *written = write_one(&about);
    const char *told = strstr(written, "; it had job 1 (62914560 bytes): bbb");
    ck_assert_msg(told != NULL, "%s", written);
    ck_assert_str_eq(written + strlen(written) - 6, "bbb...");
    ck_assert_uint_lt(strlen(told), 120);
    free(written);
    death_job_free(&about.job);
}
END_TEST

START_TEST(only_the_first_job_is_kept)
{
    struct obituary about = with_job((struct job){.id = 1, .payload.body = bytes_of_text("one")});
    struct job other = {.id = 2, .payload.body = bytes_of_text("two")};
    death_job_note(&about.job, &other);
    expect(&about, DEATH_EXIT, "it had job 1 (3 bytes): one");
    death_job_free(&about.job);
}
END_TEST

START_TEST(the_short_form_is_its_beginning)
{
    struct obituary about = booted((struct loop_exit){.known = true, .signal = SIGKILL});
    char *written = write_one(&about);
    written[death.brief] = '\0';
    ck_assert_str_eq(written, "worker 77 was ended by signal 9 (Killed)");
    free(written);
}
END_TEST

START_TEST(output_stands_in_one_line_and_does_not_end_the_text)
{
    static const char said[] = "one\ntwo\0three\n";
    struct obituary about = booted((struct loop_exit){.known = true});
    ck_assert_int_eq(buffer_append(&tail.text, (struct bytes){said, sizeof said - 1}), STATUS_OK);
    expect(&about, DEATH_EXIT, "; it said: one | two\\x00three");
    ck_assert_uint_eq(death.last_output.size, sizeof said - 2);
    output_tail_free(&tail);
}
END_TEST

/* A cgroup2 mount in a folder of the test's; the number in memory.events is what rises. */
START_TEST(the_kernels_kill_for_want_of_memory_is_told_from_others)
{
    char root[] = "/tmp/coyote-cgroup-XXXXXX";
    char path[300];
    ck_assert_ptr_nonnull(mkdtemp(root));
    snprintf(path, sizeof path, "mkdir -p %s/proc/self %s/sys/fs/cgroup/job", root, root);
    ck_assert_int_eq(system(path), 0);
    write_file(root, "proc/self/cgroup", "0::/job\n");
    write_file(root, "proc/self/mountinfo",
               "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n");
    write_file(root, "sys/fs/cgroup/job/memory.events", "oom 4\noom_kill 4\n");
    write_file(root, "sys/fs/cgroup/job/memory.max", "max\n");
    struct cgroup_oom oom;
    cgroup_oom_start(&oom, root);
    settings.oom = &oom;
    struct obituary about =
        booted((struct loop_exit){.known = true, .status = -1, .signal = SIGKILL});
    expect(&about, DEATH_SIGNAL, "was ended by signal 9 (Killed) after");
    write_file(root, "sys/fs/cgroup/job/memory.events", "oom 5\noom_kill 5\n");
    expect(&about, DEATH_OOM,
           "was ended by signal 9 (Killed), by the kernel because memory ran out");
    expect(&about, DEATH_SIGNAL, "was ended by signal 9 (Killed) after");
    cgroup_oom_end(&oom);
    settings.oom = NULL;
    snprintf(path, sizeof path, "rm -rf %s", root);
    ck_assert_int_eq(system(path), 0);
}
END_TEST

TCase *obituary_case(void);
TCase *obituary_case(void)
{
    TCase *test = tcase_create("obituary");
    tcase_add_test(test, how_it_ended);
    tcase_add_test(test, why_it_was_killed);
    tcase_add_test(test, what_was_to_end_is_expected_unless_a_job_is_lost);
    tcase_add_test(test, the_job_that_it_had_is_named);
    tcase_add_test(test, of_a_large_job_the_beginning_is_told);
    tcase_add_test(test, only_the_first_job_is_kept);
    tcase_add_test(test, the_short_form_is_its_beginning);
    tcase_add_test(test, output_stands_in_one_line_and_does_not_end_the_text);
    tcase_add_test(test, the_kernels_kill_for_want_of_memory_is_told_from_others);
    return test;
}
