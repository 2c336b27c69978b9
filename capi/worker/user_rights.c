/* What a process must be allowed to have workers of another user. */
#include <linux/capability.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/worker_user.h"

/* KILL: they die with this process, and when their time is over; the kernel asks for it each time. */
static const struct {
    int number;
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
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
    if (syscall(SYS_capget, &header, data) != 0) {
        return NULL; /* the attempt will tell */
    }
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        uint32_t bit = UINT32_C(1) << (needed[i].number & 31);
        if ((data[needed[i].number >> 5].effective & bit) == 0) {
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
