/* Whether the kernel killed a process of this one's control group for want of memory: of the group's
   own or of the machine's, both are counted where the victim was. Workers are in their parent's
   group unless their command moves them. */
#ifndef COYOTE_BASE_CGROUP_OOM_H
#define COYOTE_BASE_CGROUP_OOM_H

#include <stdbool.h>
#include <stdint.h>

/* The counter as it was seen last. One for all workers of a group: kills are told apart by being
   taken one by one, not by who looks. */
struct cgroup_oom {
    char *file;    /* owned; NULL: not known */
    uint64_t told; /* kills that were taken or forgotten */
};

/* Finds the counter; what it has counted so far is forgotten. Where there is none, no kill will ever
   be told. `prefix` stands before every path: "" but in tests. */
void cgroup_oom_start(struct cgroup_oom *oom, const char *prefix);

/* Upon a death by SIGKILL that nobody here sent: whether it was the kernel's, for want of memory.
   true takes one kill, so two such deaths need two. The kernel counts before it kills: the number has
   risen by the time that a death can be seen. Reads one small file. */
bool cgroup_oom_take(struct cgroup_oom *oom);

/* From time to time while all deaths are explained: what was not taken by now was about others in
   the group, a worker's child or a neighbour, and explains no later death. */
void cgroup_oom_forget(struct cgroup_oom *oom);

/* The kills since the group began. false: not known. */
bool cgroup_oom_count(const struct cgroup_oom *oom, uint64_t *count);

/* Frees what it owns; it may be started again. */
void cgroup_oom_end(struct cgroup_oom *oom);

#endif
