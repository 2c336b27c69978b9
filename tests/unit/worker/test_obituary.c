#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "obituary.h"
#include "suite.h"

static struct worker_settings settings;
static struct worker worker;
static struct output_tail tail;

static struct obituary booted(struct loop_exit exit)
{
    worker = (struct worker){.assigned = 3, .started = clock_now()};
    return (struct obituary){.settings = &settings, .booted = true, .exit = exit};
}

static void expect(const struct obituary *obituary, const char *text)
{
    char *written = obituary_write(obituary, &worker, &tail);
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
    expect(&about, "worker exited with status 3 after 3 jobs");
    about =
        booted((struct loop_exit){.known = true, .status = -1, .signal = SIGSEGV, .core = true});
    expect(&about, "was ended by signal 11 (Segmentation fault), core dumped");
    about = booted((struct loop_exit){.status = -1});
    expect(&about, "somebody else took its exit status");
    about.exit = (struct loop_exit){.known = true, .status = 0, .peak_memory = 3 * 512 * 1024};
    expect(&about, "at most 1.5 MiB of memory");
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
    char *before = obituary_write(&about, &worker, &tail);
    ck_assert_ptr_null(strstr(before, "because memory ran out"));
    free(before);
    write_file(root, "sys/fs/cgroup/job/memory.events", "oom 5\noom_kill 5\n");
    expect(&about, "was ended by signal 9 (Killed), by the kernel because memory ran out");
    char *after = obituary_write(&about, &worker, &tail);
    ck_assert_ptr_null(strstr(after, "because memory ran out"));
    free(after);
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
    tcase_add_test(test, the_kernels_kill_for_want_of_memory_is_told_from_others);
    return test;
}
