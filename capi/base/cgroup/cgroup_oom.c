#include "base/cgroup/cgroup_oom.h"

#include <stdio.h>
#include <stdlib.h>

#include "cgroup_place.h"
#include "cgroup_text.h"

static bool read_count(const char *file, uint64_t *count)
{
    char *text = cgroup_text_read(file, CGROUP_TEXT_MOST);
    bool known = text != NULL && cgroup_text_value(text, "oom_kill", count);
    free(text);
    return known;
}

/* false: there is no such counter. */
static bool start_with(struct cgroup_oom *oom, const char *folder, const char *name)
{
    char *file = NULL;
    if (asprintf(&file, "%s/%s", folder, name) < 0) {
        return false;
    }
    if (!read_count(file, &oom->told)) {
        free(file);
        return false;
    }
    oom->file = file;
    return true;
}

/* The local count is the one of the group's own processes; the other, of kernels before 5.2, adds
   those of groups below. Where memory is not accounted to the group itself, it is to the nearest
   ancestor that has the files, and the kills of its processes are counted there. */
static void start_unified(struct cgroup_oom *oom, struct cgroup_place *place)
{
    while (!start_with(oom, place->folder, "memory.events.local") &&
           !start_with(oom, place->folder, "memory.events") && cgroup_place_up(place)) {
    }
}

void cgroup_oom_start(struct cgroup_oom *oom, const char *prefix)
{
    struct cgroup_place place;
    *oom = (struct cgroup_oom){0};
    if (!cgroup_place_find(&place, prefix, "memory")) {
        return;
    }
    if (place.own && place.unified) {
        start_unified(oom, &place);
    } else if (place.own) {
        start_with(oom, place.folder, "memory.oom_control");
    }
    cgroup_place_free(&place);
}

bool cgroup_oom_count(const struct cgroup_oom *oom, uint64_t *count)
{
    return oom->file != NULL && read_count(oom->file, count);
}

bool cgroup_oom_take(struct cgroup_oom *oom)
{
    uint64_t count;
    if (!cgroup_oom_count(oom, &count)) {
        return false;
    }
    if (count <= oom->told) {
        /* less than before: another group has its name now */
        oom->told = count;
        return false;
    }
    oom->told++;
    return true;
}

void cgroup_oom_forget(struct cgroup_oom *oom)
{
    uint64_t count;
    if (cgroup_oom_count(oom, &count)) {
        oom->told = count;
    }
}

void cgroup_oom_end(struct cgroup_oom *oom)
{
    free(oom->file);
    *oom = (struct cgroup_oom){0};
}
