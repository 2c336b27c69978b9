/* Closes what a new process must not inherit. */
#ifndef COYOTE_WORKER_CLOSE_OTHERS_H
#define COYOTE_WORKER_CLOSE_OTHERS_H

/* Every descriptor from `first` on. System calls only: it runs between vfork and exec. */
void close_others(int first);

#endif
