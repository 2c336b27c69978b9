/* Whether this process is a fork of the one that made a loop. The epoll set is shared with the
   parent then, so nothing may be done to it. */
#ifndef COYOTE_LOOP_LOOP_FORK_H
#define COYOTE_LOOP_LOOP_FORK_H

/* The number of forks that lie between the first process and this one: compare. */
unsigned fork_generation(void);

#endif
