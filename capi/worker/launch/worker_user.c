#include "worker/worker_user.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Room for what the system tells; a directory's groups of thousands of members have been seen. */
enum { ROOM_FIRST = 1024, ROOM_MOST = 64 * 1024 * 1024, GROUPS_FIRST = 64, GROUPS_MOST = 65536 };

struct room {
    char *data;
    size_t size;
};

static bool room_grow(struct room *room)
{
    size_t size = room->size == 0 ? ROOM_FIRST : room->size * 2;
    char *data = size > ROOM_MOST ? NULL : realloc(room->data, size);
    if (data != NULL) {
        *room = (struct room){data, size};
    }
    return data != NULL;
}

/* Each asks with more room until the answer fits; an errno value, 0 also where there is no such entry. */

static int ask_for_group(const char *name, struct room *room, struct group *entry,
                         struct group **found)
{
    int failed;
    do {
        failed = room_grow(room) ? getgrnam_r(name, entry, room->data, room->size, found) : ENOMEM;
    } while (failed == ERANGE || failed == EINTR);
    return failed;
}

static int ask_for_user(const char *name, struct room *room, struct passwd *entry,
                        struct passwd **found)
{
    int failed;
    do {
        failed = room_grow(room) ? getpwnam_r(name, entry, room->data, room->size, found) : ENOMEM;
    } while (failed == ERANGE || failed == EINTR);
    return failed;
}

static int ask_for_uid(uid_t uid, struct room *room, struct passwd *entry, struct passwd **found)
{
    int failed;
    do {
        failed = room_grow(room) ? getpwuid_r(uid, entry, room->data, room->size, found) : ENOMEM;
    } while (failed == ERANGE || failed == EINTR);
    return failed;
}

/* Some systems say so instead of answering that there is none: getpwnam(3). */
static bool means_none(int failed)
{
    return failed == 0 || failed == ENOENT || failed == ESRCH || failed == EBADF || failed == EPERM;
}

/* An id in decimal digits; the greatest number means "leave it" to the kernel and is none. */
static bool id_of(const char *text, uint32_t *id)
{
    char *end = NULL;
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0') {
        return false;
    }
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    *id = (uint32_t)number;
    return errno == 0 && number < UINT32_MAX;
}

/* --- the group --- */

static int find_group(const char *text, gid_t *gid, struct error *error)
{
    struct room room = {0};
    struct group entry;
    struct group *found = NULL;
    int failed = ask_for_group(text, &room, &entry, &found);
    if (found != NULL) {
        *gid = found->gr_gid;
    }
    free(room.data);
    if (found != NULL || (means_none(failed) && id_of(text, gid))) {
        return STATUS_OK;
    }
    if (failed == ENOMEM) {
        return error_memory(error);
    }
    return means_none(failed) ? error_set(error, STATUS_ECONFIG, "there is no group \"%s\"", text)
                              : error_system(error, failed, "looking for the group \"%s\"", text);
}

/* Those that name the user as a member, and its own. */
static int find_groups(struct worker_user *user, const char *login, struct error *error)
{
    for (int room = GROUPS_FIRST; room <= GROUPS_MOST; room *= 2) {
        int count = room;
        gid_t *groups = realloc(user->groups, (size_t)room * sizeof *groups);
        if (groups == NULL) {
            return error_memory(error);
        }
        user->groups = groups;
        if (getgrouplist(login, user->gid, groups, &count) >= 0) {
            user->group_count = (size_t)count;
            return STATUS_OK;
        }
    }
    return error_set(error, STATUS_ESYSTEM, "the user \"%s\" is in more than %d groups", login,
                     GROUPS_MOST);
}

/* --- the user --- */

static int take_entry(struct worker_user *user, const struct passwd *entry, const char *group,
                      struct error *error)
{
    user->uid = entry->pw_uid;
    user->gid = entry->pw_gid;
    int status = group == NULL ? STATUS_OK : find_group(group, &user->gid, error);
    return status == STATUS_OK ? find_groups(user, entry->pw_name, error) : status;
}

static int take_number(struct worker_user *user, uid_t uid, const char *group, struct error *error)
{
    user->uid = uid;
    return group != NULL
               ? find_group(group, &user->gid, error)
               : error_set(error, STATUS_ECONFIG,
                           "the system has no user with the uid %u, so the group must be given: "
                           "write \"%u:gid\"",
                           (unsigned)uid, (unsigned)uid);
}

static int find_user(struct worker_user *user, const char *login, const char *group,
                     struct error *error)
{
    struct room room = {0};
    struct passwd entry;
    struct passwd *found = NULL;
    uid_t uid = 0;
    int failed = ask_for_user(login, &room, &entry, &found);
    bool number = found == NULL && means_none(failed) && id_of(login, &uid);
    if (number) {
        failed = ask_for_uid(uid, &room, &entry, &found);
    }
    int status;
    if (found != NULL) {
        status = take_entry(user, found, group, error);
    } else if (failed == ENOMEM) {
        status = error_memory(error);
    } else if (!means_none(failed)) {
        status = error_system(error, failed, "looking for the user \"%s\"", login);
    } else {
        status = number ? take_number(user, uid, group, error)
                        : error_set(error, STATUS_ECONFIG, "there is no user \"%s\"", login);
    }
    free(room.data);
    return status;
}

int worker_user_find(const char *text, struct worker_user **user, struct error *error)
{
    const char *colon = strchr(text, ':');
    if (text[0] == '\0' || colon == text || (colon != NULL && colon[1] == '\0')) {
        return error_set(error, STATUS_ECONFIG,
                         "\"%s\" names no user: write \"name\", \"name:group\", \"uid\" or "
                         "\"uid:gid\"",
                         text);
    }
    struct worker_user *made = calloc(1, sizeof *made);
    char *login = strndup(text, colon == NULL ? strlen(text) : (size_t)(colon - text));
    int status;
    if (made == NULL || login == NULL || (made->name = strdup(text)) == NULL) {
        status = error_memory(error);
    } else {
        status = find_user(made, login, colon == NULL ? NULL : colon + 1, error);
    }
    free(login);
    if (status != STATUS_OK) {
        worker_user_free(made);
        return status;
    }
    *user = made;
    return STATUS_OK;
}

void worker_user_free(struct worker_user *user)
{
    if (user != NULL) {
        free(user->name);
        free(user->groups);
        free(user);
    }
}
