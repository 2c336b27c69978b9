/* How a worker process comes to be. */
#ifndef COYOTE_WORKER_LAUNCHER_H
#define COYOTE_WORKER_LAUNCHER_H

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

struct worker_user;

struct launch_request {
    char *const *command;           /* argv; NULL-terminated */
    char *const *environment;       /* "NAME=value"; NULL-terminated */
    const char *relay_address;      /* set as RR_RELAY */
    const struct worker_user *user; /* whom it runs as; NULL: as this process */
    int input;                      /* becomes descriptor 0; -1: /dev/null */
    int output;                     /* becomes descriptor 1 */
    int errors;                     /* becomes descriptor 2 */
    const int *fds;                 /* become 3, 4, ...; nothing else stays open */
    size_t fd_count;
};

struct launched {
    pid_t pid;
    int status_pipe; /* for loop_child_watch, which takes it over; -1 where pidfds work */
};

struct launcher {
    /* Starts the process in a group of its own; it dies with this one. Errors of the start itself
       (no such command) come back here, in words: then there is no process, and nothing to close.
       Blocks until the program runs, microseconds. */
    int (*launch)(const struct launcher *launcher, const struct launch_request *request,
                  struct launched *launched, struct error *error);
};

/* A child and exec. */
const struct launcher *launcher_exec(void);

#endif
