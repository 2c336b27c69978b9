/* One epoll set that a host can poll as a single descriptor.
   Callbacks run only inside loop_step; from them everything here may be called, loop_free and
   loop_step excepted. A watch, timer, child or task is a struct of its owner's: nothing is
   allocated, and stopping one makes sure that its callback does not run any more. */
#ifndef COYOTE_LOOP_LOOP_H
#define COYOTE_LOOP_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/list.h"

struct loop;

struct loop *loop_new(struct error *error);

/* Closes descriptors only; the owner stops its watches before. NULL does nothing. */
void loop_free(struct loop *loop);

/* Whether this process is a fork of the one that made the loop. Then loop_step answers
   STATUS_EFORKED, and stopping watches, timers and children does nothing to the parent's: so the
   owners can free themselves by their usual way. */
bool loop_forked(const struct loop *loop);

/* Readable when loop_step has something to do. (Once too often where a timer was moved to later:
   then the step finds nothing and says STATUS_ETIMEOUT.) */
int loop_fd(const struct loop *loop);

/* Runs what is ready; if nothing is, waits for it until `deadline` (monotonic; 0 does not wait,
   CLOCK_NEVER for ever). 0, STATUS_ETIMEOUT when the deadline came first, STATUS_EINTERRUPTED when
   a signal did (what was ready has run all the same), STATUS_ESYSTEM. */
int loop_step(struct loop *loop, int64_t deadline, struct error *error);

/* Around several steps of one blocking call: signals of this thread are let in only while loop_step
   waits, and end it. Otherwise one that comes between two steps would run its handler and leave the
   call waiting. Releasing delivers what still waits. Both may be called twice. */
void loop_hold_signals(struct loop *loop);
void loop_release_signals(struct loop *loop);

/* The time at which this step began: no system call. */
int64_t loop_now(const struct loop *loop);

/* --- descriptors --- */

struct loop_watch {
    int fd;
    void (*ready)(struct loop_watch *watch, uint32_t epoll_events);
    struct loop *loop; /* NULL: not watching */
};

/* EPOLLIN, EPOLLOUT; level-triggered; errors and hang-ups are always told. */
int loop_watch_start(struct loop *loop, struct loop_watch *watch, int fd, uint32_t epoll_events,
                     struct error *error);
/* Before the descriptor is closed. Harmless when not watching. */
void loop_watch_stop(struct loop_watch *watch);
/* The same where the descriptor is not ours any more: what has its number now is left alone. */
void loop_watch_forget(struct loop_watch *watch);

/* --- deadlines --- */

struct loop_timer {
    int64_t deadline;
    void (*due)(struct loop_timer *timer);
    struct loop *loop; /* NULL: not set */
    /* an intrusive pairing heap */
    struct loop_timer *child;
    struct loop_timer *sibling;
    struct loop_timer *previous;
};

/* Sets or moves it. CLOCK_NEVER stops it. */
void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t deadline);
void loop_timer_stop(struct loop_timer *timer);

/* Keeps the descriptor readable from now on although nothing happens in the loop: the owner holds
   something that is to be taken. While it is kept so, loop_step does not wait. */
void loop_keep_readable(struct loop *loop, bool keep);

/* --- tasks: later in the same step, or in the next one when called from outside a step --- */

struct loop_task {
    struct list_node node;
    void (*run)(struct loop_task *task);
    struct loop *loop; /* NULL: not waiting */
};

void loop_task_post(struct loop *loop, struct loop_task *task);
void loop_task_stop(struct loop_task *task);

/* Runs it, and the tasks that it posts, as a step of its own that looks at no descriptor and no
   timer: for a host that has work at hand and saves the system calls. Not from within a step; does nothing in the child of a fork. */
void loop_task_run(struct loop *loop, struct loop_task *task);

#endif
