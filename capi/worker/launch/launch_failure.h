/* Why a program could not be started: told by the child in numbers, to people in words. */
#ifndef COYOTE_WORKER_LAUNCH_FAILURE_H
#define COYOTE_WORKER_LAUNCH_FAILURE_H

#include "worker/launcher.h"

enum launch_step {
    LAUNCH_DESCRIPTORS, /* putting them where the program looks for them */
    LAUNCH_USER,        /* becoming request->user */
    LAUNCH_SOCKET,      /* that user's way to the relay's socket */
    LAUNCH_PROGRAM      /* exec */
};

struct launch_failure {
    enum launch_step step;
    int error;        /* errno */
    const char *call; /* of LAUNCH_USER: a name that lives as long as this program */
};

/* STATUS_EWORKER, the text set. `path` is the file that the command's first word meant. */
int launch_failure_explain(const struct launch_failure *failure,
                           const struct launch_request *request, const char *path,
                           struct error *error);

#endif
