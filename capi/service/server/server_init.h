/* A server that runs as process 1 of a container. */
#ifndef COYOTE_SERVICE_SERVER_SERVER_INIT_H
#define COYOTE_SERVICE_SERVER_SERVER_INIT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

struct server_init {
    pid_t server; /* 0: there is no init of ours, or this is the server under it */
    int code;     /* in the init: the server's exit code, or 128 + the signal that ended it */
    int signal;   /* and that signal; 0: it exited */
};

/* In any other process than 1 it does nothing. Process 1 forks: the server goes on in the child, where
   the call returns with init->server == 0. Process 1 itself stays in the call as a small init: it sends
   the server all signals that it gets, reaps whatever ends, and returns when the server has ended, with
   init->server != 0. What is left in the container then ends with process 1. STATUS_ESYSTEM. */
int server_init_enter(struct server_init *init, struct error *error);

/* Whether this is a server under such an init. */
bool server_init_is_above(void);

#endif
