/* A child becomes somebody else, between fork and exec. */
#ifndef COYOTE_WORKER_BECOME_USER_H
#define COYOTE_WORKER_BECOME_USER_H

#include "worker/worker_user.h"

/* System calls alone, by number: libc's functions of these names change all threads of a process, and
   call upon threads that a forked child does not have. Takes what can't be used by the user away as
   well: capabilities that would survive. NULL, or the name of the call that failed, errno set. Clears
   the parent-death signal. */
const char *become_user(const struct worker_user *user);

#endif
