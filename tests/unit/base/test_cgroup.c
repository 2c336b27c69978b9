#include <sched.h>
#include <stdio.h>

#include "base/cgroup/cgroup_cpus.h"
#include "base/cgroup/cgroup_oom.h"
#include "suite.h"

enum { NOT_KNOWN = -1 };

static const struct {
    const char *tree;
    size_t quota; /* 0: none or not known */
    int kills;
} trees[] = {
    {"systemd-v2", 2, 3},
    {"systemd-v2-user", 3, 2},
    {"systemd-hybrid", 4, 7},
    {"docker-v2", 3, 1},
    {"docker-v1", 1, 2},
    {"kubernetes-v1", 2, 0},
    {"kubernetes-v1-node", 2, 6},
    {"lxc-v1", 4, 1},
    {"lxc-v2", 2, 5},
    {"bind-mount-v2", 1, 2},
    {"namespace-mounted", 6, 1},
    {"namespace-entered", 3, NOT_KNOWN},
    {"namespace-left", 0, NOT_KNOWN},
    {"namespace-sibling", 0, NOT_KNOWN},
    {"no-cgroups", 0, NOT_KNOWN},
    {"not-mounted", 0, NOT_KNOWN},
    {"no-such-tree", 0, NOT_KNOWN},
};

START_TEST(reads_what_systems_show)
{
    char root[512];
    snprintf(root, sizeof root, "%s/cgroup/%s", FIXTURES, trees[_i].tree);
    struct cgroup_cpus cpus = cgroup_cpus(root);
    ck_assert_msg(cpus.quota == trees[_i].quota, "%s: %zu CPUs", root, cpus.quota);

    struct cgroup_oom oom;
    uint64_t count = 0;
    cgroup_oom_start(&oom, root);
    bool known = cgroup_oom_count(&oom, &count);
    ck_assert_msg((known ? (int)count : NOT_KNOWN) == trees[_i].kills, "%s: %s, %d kills", root,
                  known ? "known" : "not known", (int)count);
    ck_assert_msg(!cgroup_oom_take(&oom), "what was before is nobody's");
    cgroup_oom_end(&oom);
}
END_TEST

START_TEST(the_smaller_of_affinity_and_quota_counts)
{
    cpu_set_t set;
    ck_assert_int_eq(sched_getaffinity(0, sizeof set, &set), 0);
    struct cgroup_cpus cpus = cgroup_cpus(FIXTURES "/cgroup/no-cgroups");
    ck_assert_uint_eq(cpus.affinity, (size_t)CPU_COUNT(&set));
    ck_assert_uint_eq(cpus.usable, cpus.affinity);
    cpus = cgroup_cpus(FIXTURES "/cgroup/docker-v1");
    ck_assert_uint_eq(cpus.usable, 1);

    CPU_ZERO(&set);
    CPU_SET(sched_getcpu(), &set);
    ck_assert_int_eq(sched_setaffinity(0, sizeof set, &set), 0);
    cpus = cgroup_cpus(FIXTURES "/cgroup/systemd-hybrid");
    ck_assert_uint_eq(cpus.affinity, 1);
    ck_assert_uint_eq(cpus.quota, 4);
    ck_assert_uint_eq(cpus.usable, 1);
}
END_TEST

START_TEST(knows_something_of_this_system)
{
    struct cgroup_cpus cpus = cgroup_cpus("");
    ck_assert_uint_ge(cpus.usable, 1);
    ck_assert_uint_le(cpus.usable, cpus.affinity);
}
END_TEST

TCase *cgroup_case(void);
TCase *cgroup_case(void)
{
    TCase *test = tcase_create("cgroup");
    tcase_add_loop_test(test, reads_what_systems_show, 0, sizeof trees / sizeof *trees);
    tcase_add_test(test, the_smaller_of_affinity_and_quota_counts);
    tcase_add_test(test, knows_something_of_this_system);
    return test;
}
