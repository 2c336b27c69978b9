/* The end of a child process, by pidfd and never by SIGCHLD, which is the host's. */
#ifndef COYOTE_LOOP_LOOP_CHILD_H
#define COYOTE_LOOP_LOOP_CHILD_H

#include "loop/loop.h"

struct loop_exit {
    bool known; /* false: somebody else reaped it */
    int status; /* exit status, -1 when a signal ended it */
    int signal; /* 0 when it exited */
    bool core;
    size_t peak_memory; /* bytes: the most that was resident at once; 0: not known */
};

struct loop_child {
    pid_t pid; /* 0: not watching */
    void (*exited)(struct loop_child *child, const struct loop_exit *exit);
    struct loop *loop;
    struct loop_watch watch;
    struct loop_timer again; /* of the fall-back */
    int pidfd;               /* -1 on the fall-back */
    int status_pipe;         /* -1 where pidfds work */
};

/* Whether pidfd_open is refused here (valgrind, seccomp): then a child has to hold the write end
   of a pipe to the end of its life, and loop_child_watch gets the read end. */
bool loop_child_needs_pipe(void);

/* Takes status_pipe over (-1 where none is needed). It can't fail: what the loop can't watch is
   looked at every second. */
void loop_child_watch(struct loop *loop, struct loop_child *child, pid_t pid, int status_pipe);

/* 0 or an errno value. Safe against a reused pid where pidfds work. */
int loop_child_signal(struct loop_child *child, int signal);

/* Waits for a child that was sent SIGKILL, a second at most, so that it leaves no zombie. */
void loop_child_reap(struct loop_child *child);

/* Reaps a child that was never watched and is ending: its program could not be run. */
void loop_child_discard(pid_t pid);

/* Forgets it without waiting. Harmless when not watching. */
void loop_child_stop(struct loop_child *child);

#endif
