/* What a process must be allowed to have workers of another user. */
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/worker_user.h"

/* What libc does not declare: see capabilities(7) and capget(2). */
enum { CAP_KILL = 5, CAP_SETGID = 6, CAP_SETUID = 7, VERSION_3 = 0x20080522, SETS_OF_32 = 2 };

struct capability_header {
    uint32_t version;
    int pid;
};

struct capability_sets {
    uint32_t effective;
    uint32_t permitted;
    uint32_t inheritable;
};

/* KILL: they die with this process, and when their time is over; the kernel asks for it each time. */
static const struct {
    unsigned number; /* all in the first set */
    const char *name;
} needed[] = {{CAP_SETUID, "CAP_SETUID"}, {CAP_SETGID, "CAP_SETGID"}, {CAP_KILL, "CAP_KILL"}};

bool worker_user_is_own(const struct worker_user *user)
{
    return user->uid == getuid() && user->uid == geteuid() && user->gid == getgid() &&
           user->gid == getegid();
}

/* The first that this process lacks; NULL: it has them all, or can't be asked. */
static const char *missing_capability(void)
{
    struct capability_header header = {.version = VERSION_3};
    struct capability_sets sets[SETS_OF_32] = {0};
    if (syscall(SYS_capget, &header, sets) != 0) {
        return NULL; /* the attempt will tell */
    }
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if ((sets[0].effective & (UINT32_C(1) << needed[i].number)) == 0) {
            return needed[i].name;
        }
    }
    return NULL;
}

int worker_user_check(const struct worker_user *user, struct error *error)
{
    const char *missing = worker_user_is_own(user) ? NULL : missing_capability();
    if (missing == NULL) {
        return STATUS_OK;
    }
    if (geteuid() == 0) {
        return error_set(error, STATUS_ECONFIG,
                         "workers.user: to run workers as %s, root needs the capability %s, which "
                         "was taken from it: give it back (docker: --cap-add), or remove "
                         "workers.user",
                         user->name, missing);
    }
    return error_set(error, STATUS_ECONFIG,
                     "workers.user: to run workers as %s needs root, or the capabilities "
                     "CAP_SETUID, CAP_SETGID and CAP_KILL; this process is of uid %u: start it as "
                     "root, start it as that user, or remove workers.user",
                     user->name, (unsigned)geteuid());
}
