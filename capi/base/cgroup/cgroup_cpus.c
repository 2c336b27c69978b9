#include "base/cgroup/cgroup_cpus.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "cgroup_place.h"
#include "cgroup_text.h"

static size_t count_affinity(void)
{
    /* the kernel's mask may be larger than cpu_set_t on a large machine: EINVAL until it fits */
    for (size_t most = CPU_SETSIZE; most <= 1 << 20; most *= 2) {
        cpu_set_t *set = CPU_ALLOC(most);
        size_t size = CPU_ALLOC_SIZE(most);
        if (set == NULL) {
            break;
        }
        int failed = sched_getaffinity(0, size, set);
        int count = failed == 0 ? CPU_COUNT_S(size, set) : 0;
        CPU_FREE(set);
        if (count > 0) {
            return (size_t)count;
        }
        if (failed != 0 && errno != EINVAL) {
            break;
        }
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (size_t)online : 1;
}

static bool end_of_line(const char *text)
{
    return *text == '\n' || *text == '\0';
}

/* 0: no limit, or garbage. */
static size_t whole_cpus(uint64_t quota, uint64_t period)
{
    uint64_t cpus = period == 0 ? 0 : quota / period + (quota % period != 0);
    return cpus < INT_MAX ? (size_t)cpus : INT_MAX;
}

/* cpu.max: "150000 100000" microseconds, or "max 100000". */
static size_t unified_quota(const char *folder)
{
    char *text = cgroup_text_read_in(folder, "cpu.max");
    const char *rest = text;
    uint64_t quota;
    uint64_t period;
    size_t cpus = 0;
    if (text != NULL && cgroup_text_number(&rest, &quota) && *rest++ == ' ' &&
        cgroup_text_number(&rest, &period) && end_of_line(rest)) {
        cpus = whole_cpus(quota, period);
    }
    free(text);
    return cpus;
}

static uint64_t read_number(const char *folder, const char *name)
{
    char *text = cgroup_text_read_in(folder, name);
    const char *rest = text;
    uint64_t number = 0;
    bool whole = text != NULL && cgroup_text_number(&rest, &number) && end_of_line(rest);
    free(text);
    return whole ? number : 0;
}

/* Version 1, no limit: a quota of -1. */
static size_t split_quota(const char *folder)
{
    return whole_cpus(read_number(folder, "cpu.cfs_quota_us"),
                      read_number(folder, "cpu.cfs_period_us"));
}

static size_t least_quota(const char *prefix)
{
    struct cgroup_place place;
    size_t least = 0;
    if (!cgroup_place_find(&place, prefix, "cpu")) {
        return 0;
    }
    do {
        size_t quota = place.unified ? unified_quota(place.folder) : split_quota(place.folder);
        if (quota != 0 && (least == 0 || quota < least)) {
            least = quota;
        }
    } while (cgroup_place_up(&place));
    cgroup_place_free(&place);
    return least;
}

struct cgroup_cpus cgroup_cpus(const char *prefix)
{
    struct cgroup_cpus cpus = {.affinity = count_affinity(), .quota = least_quota(prefix)};
    cpus.usable = cpus.quota != 0 && cpus.quota < cpus.affinity ? cpus.quota : cpus.affinity;
    return cpus;
}
