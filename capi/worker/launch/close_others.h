/* Closes what a new process must not inherit. */
#ifndef COYOTE_WORKER_CLOSE_OTHERS_H
#define COYOTE_WORKER_CLOSE_OTHERS_H

#include <stdbool.h>

/* Every descriptor from `first` on. System calls only: it runs between vfork and exec. */
void close_others(int first);

/* The same by the list in /proc, for kernels without close_range; false: there is no /proc. */
bool close_others_listed(int first);

#endif
