#include "launch_failure.h"

#include <errno.h>
#include <string.h>

#include "worker/worker_user.h"

static const char *user_hint(int failed)
{
    switch (failed) {
    case EPERM:
        return "; it is forbidden here: by a missing capability, or in a user namespace by "
               "/proc/self/setgroups";
    case EINVAL:
        return "; this user namespace has no such user or group (/proc/self/uid_map, gid_map)";
    default:
        return "";
    }
}

static const char *program_hint(int failed)
{
    switch (failed) {
    case ENOEXEC:
        return "; does the file begin with a line such as #!/usr/bin/env php?";
    case ENOENT: /* it was looked for before */
        return "; the file is there: the interpreter that its first line names is not, or the "
               "loader "
               "of shared libraries that it was built for";
    default:
        return error_advice(failed);
    }
}

static int explain_program(const struct launch_failure *failure,
                           const struct launch_request *request, const char *path,
                           struct error *error)
{
    const char *command = request->command[0];
    const char *words = strerror(failure->error);
    if (request->user != NULL && failure->error == EACCES) {
        return error_set(error, STATUS_EWORKER,
                         "worker command %s (%s): %s for %s (workers.user): the file, its "
                         "interpreter and the folders that lead to them must be open to that user",
                         command, path, words, request->user->name);
    }
    if (request->user != NULL && failure->error == EAGAIN) {
        return error_set(error, STATUS_EWORKER,
                         "worker command %s (%s): %s (workers.user) has more processes than its "
                         "limit allows: raise it (RLIMIT_NPROC, ulimit -u), or have fewer workers",
                         command, path, request->user->name);
    }
    return error_set(error, STATUS_EWORKER, "worker command %s (%s): %s%s", command, path, words,
                     program_hint(failure->error));
}

int launch_failure_explain(const struct launch_failure *failure,
                           const struct launch_request *request, const char *path,
                           struct error *error)
{
    const char *words = strerror(failure->error);
    switch (failure->step) {
    case LAUNCH_USER:
        return error_set(error, STATUS_EWORKER,
                         "worker command %s: it can't run as %s (workers.user): %s: %s%s",
                         request->command[0], request->user->name, failure->call, words,
                         user_hint(failure->error));
    case LAUNCH_SOCKET:
        return error_set(error, STATUS_EWORKER,
                         "worker command %s: %s (workers.user) can't reach its relay %s: %s; the "
                         "folders that lead to the socket must be open to that user (chmod o+x), "
                         "or take another path for workers.relay",
                         request->command[0], request->user->name, request->relay_address, words);
    case LAUNCH_DESCRIPTORS:
    case LAUNCH_PROGRAM:
        break;
    }
    return explain_program(failure, request, path, error);
}
