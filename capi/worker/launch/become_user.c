#include "become_user.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where ids once had 16 bits, the calls for those of 32 have names of their own. */
#ifdef SYS_setgroups32
enum { SETGROUPS = SYS_setgroups32, SETGID = SYS_setresgid32, SETUID = SYS_setresuid32 };
#else
enum { SETGROUPS = SYS_setgroups, SETGID = SYS_setresgid, SETUID = SYS_setresuid };
#endif

const char *become_user(const struct worker_user *user)
{
    if (syscall(SETGROUPS, user->group_count, user->groups) != 0) {
        return "setgroups";
    }
    /* real, effective and saved ones: there is no way back */
    if (syscall(SETGID, user->gid, user->gid, user->gid) != 0) {
        return "setgid";
    }
    if (syscall(SETUID, user->uid, user->uid, user->uid) != 0) {
        return "setuid";
    }
    /* Root's end with its uid. Ambient ones, by which somebody else may do this, would be the
       program's, and with them the way back. */
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return NULL;
}
