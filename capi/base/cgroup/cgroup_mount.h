/* Where cgroup file systems are mounted: the lines of /proc/self/mountinfo. */
#ifndef COYOTE_BASE_CGROUP_MOUNT_H
#define COYOTE_BASE_CGROUP_MOUNT_H

#include <stdbool.h>

/* Borrowed from the line. */
struct cgroup_mount {
    char *root;          /* which group of the hierarchy is seen at `point` */
    char *point;         /* the mount point */
    const char *type;    /* of the file system: "cgroup2", "cgroup" */
    const char *options; /* of the file system; version 1: with the controllers' names */
};

/* Takes a line apart and writes into it. false: it is none. */
bool cgroup_mount_parse(char *line, struct cgroup_mount *mount);

/* Whether `name` is in a list with commas. */
bool cgroup_mount_lists(const char *list, const char *name);

#endif
