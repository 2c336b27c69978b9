/* How many CPUs this process may use. */
#ifndef COYOTE_BASE_CGROUP_CPUS_H
#define COYOTE_BASE_CGROUP_CPUS_H

#include <stddef.h>

struct cgroup_cpus {
    size_t usable;   /* the smaller of the two below, at least 1 */
    size_t affinity; /* those that the calling thread may run on; cpusets are in it. At least 1 */
    size_t quota;    /* CPUs' worth of time, rounded up: the least of the group's and of its
                        ancestors' that can be seen. 0: there is none, or it is not known */
};

/* `prefix` stands before every path: "" but in tests. Reads a few files of the kernel. */
struct cgroup_cpus cgroup_cpus(const char *prefix);

#endif
