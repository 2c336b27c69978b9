/* Where the files of this process's own control group are. */
#ifndef COYOTE_BASE_CGROUP_PLACE_H
#define COYOTE_BASE_CGROUP_PLACE_H

#include <stdbool.h>
#include <stddef.h>

struct cgroup_place {
    char *folder; /* owned; the group's own, or an ancestor's */
    size_t top;   /* how much of `folder` is the mount point: ancestors above it are not visible */
    bool own;     /* false: only the ancestors from `folder` upwards can be seen */
    bool unified; /* version 2 */
};

/* The place where `controller` ("cpu", "memory") rules this process. false: not known, and nothing
   is owned. `prefix` stands before every path. */
bool cgroup_place_find(struct cgroup_place *place, const char *prefix, const char *controller);

/* Goes to the parent; false at the highest that can be seen. */
bool cgroup_place_up(struct cgroup_place *place);

void cgroup_place_free(struct cgroup_place *place);

#endif
