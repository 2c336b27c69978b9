/* Files that are missing, unreadable, empty, huge or garbage; and a counter that moves. */
#include <errno.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cgroup/cgroup_cpus.h"
#include "base/cgroup/cgroup_oom.h"
#include "suite.h"

static char root[64];

static const char *path_of(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", root, name);
    return path;
}

static void put_bytes(const char *name, const void *data, size_t size)
{
    FILE *file = fopen(path_of(name), "we");
    ck_assert_msg(file != NULL, "%s: %s", path_of(name), strerror(errno));
    ck_assert_uint_eq(fwrite(data, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static void put(const char *name, const char *text)
{
    put_bytes(name, text, strlen(text));
}

static const char groups[] = "2:memory,x:/b\n1:cpu:/a\n0::/app\n";
static const char mounts[] = "1 0 0:1 / / rw - ext4 /dev/sda1 rw\n"
                             "2 1 0:2 / /two rw,relatime shared:4 - cgroup2 cgroup2 rw\n"
                             "3 1 0:3 / /cpu rw,relatime - cgroup cgroup rw,cpu\n"
                             "4 1 0:4 /b /memory rw,relatime - cgroup cgroup rw,x,memory\n";

static void whole_tree(void)
{
    static const char *const folders[] = {"proc", "proc/self", "two",   "two/app",
                                          "cpu",  "cpu/a",     "memory"};
    snprintf(root, sizeof root, "/tmp/coyote-cgroup-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        ck_assert_int_eq(mkdir(path_of(folders[i]), 0700), 0);
    }
    put("proc/self/cgroup", "0::/app\n");
    put("proc/self/mountinfo", mounts);
    put("cpu.max", "100000 100000\n"); /* above the mount point: somebody else's file */
    put("two/app/cpu.max", "250000 100000\n");
    put("two/app/memory.events.local", "oom 9\noom_kill 4\noom_group_kill 0\n");
    put("cpu/a/cpu.cfs_quota_us", "410000\n");
    put("cpu/a/cpu.cfs_period_us", "100000\n");
    put("memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 6\n");
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status, (void)flag, (void)walk;
    return remove(path);
}

static void remove_tree(void)
{
    ck_assert_int_eq(nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void expect(size_t quota, int kills, const char *why)
{
    struct cgroup_oom oom;
    uint64_t count = 0;
    cgroup_oom_start(&oom, root);
    int found = cgroup_oom_count(&oom, &count) ? (int)count : -1;
    cgroup_oom_end(&oom);
    size_t cpus = cgroup_cpus(root).quota;
    ck_assert_msg(found == kills && cpus == quota, "%s: %zu CPUs, %d kills", why, cpus, found);
}

START_TEST(the_tree_is_whole_at_first)
{
    expect(3, 4, "version 2");
    put("proc/self/cgroup", groups);
    expect(5, 6, "version 1");
}
END_TEST

static const char *const quotas[] = {
    "",
    "\n",
    "max\n",
    "max 100000\n",
    "-1 100000\n",
    "150000\n",
    "150000 0\n",
    "150000 -1\n",
    " 150000 100000\n",
    "150000  100000\n",
    "150000 100000 1\n",
    "0x10 10\n",
    "lots 100000\n",
    "99999999999999999999999 1\n",
    "0 100000\n",
};

START_TEST(a_quota_that_is_none_is_no_limit)
{
    put("two/app/cpu.max", quotas[_i]);
    expect(0, 4, quotas[_i]);
    /* and one above still counts */
    put("two/cpu.max", "700000 100000");
    expect(7, 4, quotas[_i]);
}
END_TEST

START_TEST(a_huge_quota_does_not_wrap_around)
{
    put("two/app/cpu.max", "18446744073709551615 1\n");
    ck_assert_uint_gt(cgroup_cpus(root).quota, 1 << 20);
    ck_assert_uint_eq(cgroup_cpus(root).usable, cgroup_cpus(root).affinity);
}
END_TEST

static const char *const pairs[][2] = {
    {"-1\n", "100000\n"}, {"", "100000\n"},     {"410000\n", ""},
    {"410000\n", "0\n"},  {"410000\n", "-1\n"}, {"4e5\n", "100000\n"},
};

START_TEST(a_pair_that_is_none_is_no_limit)
{
    put("proc/self/cgroup", groups);
    put("cpu/a/cpu.cfs_quota_us", pairs[_i][0]);
    put("cpu/a/cpu.cfs_period_us", pairs[_i][1]);
    expect(0, 6, pairs[_i][0]);
    ck_assert_int_eq(remove(path_of("cpu/a/cpu.cfs_period_us")), 0);
    expect(0, 6, "one of the pair is missing");
}
END_TEST

static const char *const counters[] = {
    "",           "oom_kill\n",     "oom_kill \n",          "oom_kill -3\n",
    "oom_kill x", "oom_killer 3\n", "x oom_kill 3\n",       "oom_kill 99999999999999999999\n",
    "oom 3\n",    "oom_kill 3 4\n", "oom_kill_disable 3\n",
};

START_TEST(a_counter_that_is_none_is_not_known)
{
    put("two/app/memory.events.local", counters[_i]);
    expect(3, -1, counters[_i]);
    put("two/app/memory.events", "low 0\noom_kill 2");
    expect(3, 2, "the other file");
}
END_TEST

static const char *const files[] = {"proc/self/cgroup", "proc/self/mountinfo"};

START_TEST(garbage_in_proc_is_not_known)
{
    static const char *const garbage[] = {
        "",
        "\n\n\n",
        ":",
        "::",
        "0:",
        "0::",
        "0::app\n",
        "0:cpu\n",
        "1:cpu:a\n",
        "0::/../app\n",
        "0::/app/../app\n",
        "a b c d e f g h",
        " - cgroup2 x y",
        "1 2 3 / /two rw -",
        "1 2 3 / /two rw - cgroup2\n",
        "1 2 3 / /two rw - cgroup2 x\n",
        "1 2 3 / two rw - cgroup2 x y\n",
        "1 2 3 /\\0 /two\\777 rw - cgroup2 x y\n",
        "         ",
        "1 2 3 /ap /two rw - cgroup2 x y\n",
    };
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        put(files[_i], garbage[i]);
        expect(0, -1, garbage[i]);
    }
}
END_TEST

/* Not "permission denied": tests may run as root, who may read all. */
START_TEST(a_file_that_cannot_be_read_is_not_known)
{
    const char *const all[] = {files[0], files[1], "two/app/cpu.max",
                               "two/app/memory.events.local"};
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(remove(path_of(all[i])), 0);
        expect(i == 3 ? 3 : 0, i == 2 ? 4 : -1, all[i]);
        ck_assert_int_eq(mkdir(path_of(all[i]), 0700), 0);
        expect(i == 3 ? 3 : 0, i == 2 ? 4 : -1, "a folder");
        ck_assert_int_eq(rmdir(path_of(all[i])), 0);
        ck_assert_int_eq(mkfifo(path_of(all[i]), 0600), 0);
        expect(i == 3 ? 3 : 0, i == 2 ? 4 : -1, "a FIFO that nobody writes to");
        remove_tree();
        whole_tree();
    }
}
END_TEST

static void put_huge(const char *name, char *huge, size_t size, const char *begins)
{
    size_t length = strlen(begins);
    memset(huge, '\n', size);
    snprintf(huge, size, "%s", begins);
    huge[length] = '\n';
    put_bytes(name, huge, size);
}

START_TEST(a_huge_file_is_not_known)
{
    size_t size = (size_t)20 * 1024 * 1024;
    char *huge = malloc(size);
    ck_assert_ptr_nonnull(huge);
    put_huge("two/app/memory.events.local", huge, size, "oom_kill 3");
    put_huge("two/app/cpu.max", huge, size, "150000 100000");
    expect(0, -1, "control files");
    put("two/app/cpu.max", "250000 100000\n");
    put_huge("proc/self/cgroup", huge, size, "0::/app\n");
    expect(0, -1, "the list of groups");
    free(huge);
}
END_TEST

START_TEST(a_long_mount_table_is_read_to_its_end)
{
    enum { LINES = 20000 };
    FILE *file = fopen(path_of("proc/self/mountinfo"), "we");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < LINES; i++) {
        fprintf(file, "%d 1 0:9 / /var/lib/kubelet/pods/%040d rw shared:%d - tmpfs tmpfs rw\n", i,
                i, i);
    }
    fputs(mounts, file);
    ck_assert_int_eq(fclose(file), 0);
    expect(3, 4, "a long table");
}
END_TEST

START_TEST(a_mount_that_is_covered_is_passed_over)
{
    char table[1024];
    snprintf(table, sizeof table, "9 1 0:2 / /gone rw - cgroup2 cgroup2 rw\n%s", mounts);
    put("proc/self/mountinfo", table);
    expect(3, 4, "the first mount point can't be seen");
}
END_TEST

/* The same numbers in every run. */
static size_t next_below(size_t limit)
{
    static uint32_t state = 7;
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % limit;
}

/* Whatever comes: no more than a wrong answer, which the sanitizers watch. */
START_TEST(changed_bytes_do_no_harm)
{
    static const char change[] = " \n/-:,.\\";
    enum { ROUNDS = 400 };
    for (int round = 0; round < ROUNDS; round++) {
        char table[sizeof mounts];
        char list[sizeof groups];
        memcpy(table, mounts, sizeof table);
        memcpy(list, groups, sizeof list);
        for (size_t i = next_below(4) + 1; i > 0; i--) {
            table[next_below(sizeof table - 1)] = change[next_below(sizeof change)];
            list[next_below(sizeof list - 1)] = change[next_below(sizeof change)];
        }
        put_bytes("proc/self/mountinfo", table, sizeof table - 1);
        put_bytes("proc/self/cgroup", list, sizeof list - 1);
        struct cgroup_oom oom;
        size_t quota = cgroup_cpus(root).quota;
        cgroup_oom_start(&oom, root);
        cgroup_oom_end(&oom);
        ck_assert_msg(quota <= 5, "%zu CPUs", quota);
    }
}
END_TEST

static void count_kills(const char *file, int kills)
{
    char text[64];
    snprintf(text, sizeof text, "oom %d\noom_kill %d\n", kills, kills);
    put(file, text);
}

START_TEST(each_kill_explains_one_death)
{
    const char *file = _i == 0 ? "two/app/memory.events.local" : "memory/memory.oom_control";
    struct cgroup_oom oom;
    put("proc/self/cgroup", _i == 0 ? "0::/app\n" : groups);
    count_kills(file, 5);
    cgroup_oom_start(&oom, root);
    ck_assert(!cgroup_oom_take(&oom));
    count_kills(file, 7); /* two workers at once */
    ck_assert(cgroup_oom_take(&oom));
    ck_assert(cgroup_oom_take(&oom));
    ck_assert(!cgroup_oom_take(&oom));
    count_kills(file, 8); /* a neighbour, and later a worker is killed by somebody */
    cgroup_oom_forget(&oom);
    ck_assert(!cgroup_oom_take(&oom));
    count_kills(file, 9);
    ck_assert(cgroup_oom_take(&oom));
    cgroup_oom_end(&oom);
}
END_TEST

START_TEST(a_counter_that_goes_or_restarts_tells_nothing)
{
    struct cgroup_oom oom;
    cgroup_oom_start(&oom, root);
    put("two/app/memory.events.local", "oom_kill 1\n");
    ck_assert(!cgroup_oom_take(&oom));
    put("two/app/memory.events.local", "oom_kill 2\n");
    ck_assert(cgroup_oom_take(&oom));
    ck_assert_int_eq(remove(path_of("two/app/memory.events.local")), 0);
    ck_assert(!cgroup_oom_take(&oom));
    cgroup_oom_forget(&oom);
    cgroup_oom_end(&oom);
    ck_assert(!cgroup_oom_take(&oom));
}
END_TEST

#define ADD_EACH(test, name, list) tcase_add_loop_test(test, name, 0, sizeof(list) / sizeof *(list))

TCase *cgroup_broken_case(void);
TCase *cgroup_broken_case(void)
{
    TCase *test = tcase_create("cgroup broken");
    tcase_add_checked_fixture(test, whole_tree, remove_tree);
    tcase_add_test(test, the_tree_is_whole_at_first);
    ADD_EACH(test, a_quota_that_is_none_is_no_limit, quotas);
    tcase_add_test(test, a_huge_quota_does_not_wrap_around);
    ADD_EACH(test, a_pair_that_is_none_is_no_limit, pairs);
    ADD_EACH(test, a_counter_that_is_none_is_not_known, counters);
    ADD_EACH(test, garbage_in_proc_is_not_known, files);
    tcase_add_test(test, a_file_that_cannot_be_read_is_not_known);
    tcase_add_test(test, a_huge_file_is_not_known);
    tcase_add_test(test, a_long_mount_table_is_read_to_its_end);
    tcase_add_test(test, a_mount_that_is_covered_is_passed_over);
    tcase_add_test(test, changed_bytes_do_no_harm);
    tcase_add_loop_test(test, each_kill_explains_one_death, 0, 2);
    tcase_add_test(test, a_counter_that_goes_or_restarts_tells_nothing);
    return test;
}
