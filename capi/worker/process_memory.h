/* How much memory a process uses. */
#ifndef COYOTE_WORKER_PROCESS_MEMORY_H
#define COYOTE_WORKER_PROCESS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process_memory {
    size_t bytes;
    const char *what; /* of which figure, in which file; static */
};

/* The proportional set size (what it shares counts in parts), or where the kernel does not tell,
   the resident set. false: the process is gone. Blocks for the kernel alone. proc(5). */
bool process_memory_read(pid_t pid, struct process_memory *memory);

#endif
