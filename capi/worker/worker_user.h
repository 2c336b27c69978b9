/* Whom workers run as: looked up before there is a child, which could not do it. */
#ifndef COYOTE_WORKER_WORKER_USER_H
#define COYOTE_WORKER_WORKER_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

struct worker_user {
    char *name; /* as it was written */
    uid_t uid;
    gid_t gid;
    gid_t *groups; /* supplementary ones */
    size_t group_count;
};

/* "name", "name:group", "uid" or "uid:gid": the system's user, with the group and the supplementary
   groups that the system has for it; a uid that the system has no user for comes with a gid and has
   none. The caller frees it. STATUS_ECONFIG: there is no such user or group, in words; STATUS_ESYSTEM:
   the system could not be asked. Blocks as long as the system's name services do. */
int worker_user_find(const char *text, struct worker_user **user, struct error *error);

/* NULL does nothing. */
void worker_user_free(struct worker_user *user);

/* Whether this process runs as that very user and group: then there is nothing to change. */
bool worker_user_is_own(const struct worker_user *user);

/* Whether this process may start processes of that user, and end them again: 0, or STATUS_ECONFIG with
   what is missing. */
int worker_user_check(const struct worker_user *user, struct error *error);

#endif
