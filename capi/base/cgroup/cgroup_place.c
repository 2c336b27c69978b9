#include "cgroup_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroup_mount.h"
#include "cgroup_text.h"

/* Machines with many containers have mount tables of megabytes. */
enum { TABLE_MOST = 16 * 1024 * 1024 };

/* The group as /proc/self/cgroup names it. */
struct group {
    const char *path; /* NULL: not named */
    bool unified;
};

static char *read_table(const char *prefix, const char *path)
{
    char *whole = NULL;
    if (asprintf(&whole, "%s%s", prefix, path) < 0) {
        return NULL;
    }
    char *text = cgroup_text_read(whole, TABLE_MOST);
    free(whole);
    return text;
}

/* "4:cpu,cpuacct:/path" of version 1, "0::/path" of version 2. A controller is in one of them, so
   where version 1 names it the other line is about something else. The path may hold colons. */
static struct group find_group(char *table, const char *controller)
{
    struct group group = {NULL, false};
    char *line;
    while ((line = strsep(&table, "\n")) != NULL) {
        const char *number = strsep(&line, ":");
        const char *controllers = strsep(&line, ":");
        if (line == NULL || *line != '/') {
            continue;
        }
        if (cgroup_mount_lists(controllers, controller)) {
            return (struct group){line, false};
        }
        if (strcmp(number, "0") == 0 && *controllers == '\0') {
            group = (struct group){line, true};
        }
    }
    return group;
}

/* How often a path goes up at its beginning: groups outside of the namespace are "/../..". */
static size_t ups(const char *path)
{
    size_t count = 0;
    while (strncmp(path, "/..", 3) == 0 && (path[3] == '/' || path[3] == '\0')) {
        path += 3;
        count++;
    }
    return count;
}

static bool goes_up(const char *path)
{
    for (; path != NULL; path = strchr(path + 1, '/')) {
        if (ups(path) > 0) {
            return true;
        }
    }
    return false;
}

/* The path below the mount's root; NULL: it is not below it. */
static const char *below(const char *root, const char *path)
{
    size_t size = strcmp(root, "/") == 0 ? 0 : strlen(root);
    if (strncmp(path, root, size) != 0) {
        return NULL;
    }
    path += size;
    if (strcmp(path, "/") == 0 || *path == '\0') {
        return "";
    }
    return *path != '/' || goes_up(path) ? NULL : path;
}

/* Whether the mount's root is above the path by an unknown way: it was mounted before this
   process's namespace began, and the names in between are not told. */
static bool above(const char *root, const char *path)
{
    size_t count = ups(root);
    return count > ups(path) && root[count * 3] == '\0';
}

static bool fits(const struct cgroup_mount *mount, bool unified, const char *controller)
{
    return unified ? strcmp(mount->type, "cgroup2") == 0
                   : strcmp(mount->type, "cgroup") == 0 &&
                         cgroup_mount_lists(mount->options, controller);
}

/* What this mount shows, kept unless an earlier one shows as much. */
static void consider(struct cgroup_place *place, const char *prefix,
                     const struct cgroup_mount *mount, const struct group *group)
{
    const char *rest = below(mount->root, group->path);
    bool own = rest != NULL;
    char *folder = NULL;
    if ((!own && (place->folder != NULL || !above(mount->root, group->path))) ||
        asprintf(&folder, "%s%s%s", prefix, mount->point, own ? rest : "") < 0) {
        return;
    }
    /* another mount may lie over this one */
    if (access(folder, F_OK) != 0) {
        free(folder);
        return;
    }
    free(place->folder);
    *place =
        (struct cgroup_place){folder, strlen(prefix) + strlen(mount->point), own, group->unified};
}

bool cgroup_place_find(struct cgroup_place *place, const char *prefix, const char *controller)
{
    *place = (struct cgroup_place){0};
    char *groups = read_table(prefix, "/proc/self/cgroup");
    char *mounts = groups == NULL ? NULL : read_table(prefix, "/proc/self/mountinfo");
    if (mounts != NULL) {
        struct group group = find_group(groups, controller);
        char *rest = mounts;
        char *line;
        while (group.path != NULL && !place->own && (line = strsep(&rest, "\n")) != NULL) {
            struct cgroup_mount mount;
            if (cgroup_mount_parse(line, &mount) && fits(&mount, group.unified, controller)) {
                consider(place, prefix, &mount, &group);
            }
        }
    }
    free(mounts);
    free(groups);
    return place->folder != NULL;
}

bool cgroup_place_up(struct cgroup_place *place)
{
    char *slash = strrchr(place->folder, '/');
    if (slash == NULL || strlen(place->folder) <= place->top) {
        return false;
    }
    *slash = '\0';
    return true;
}

void cgroup_place_free(struct cgroup_place *place)
{
    free(place->folder);
    *place = (struct cgroup_place){0};
}
