/* What a worker prints: log lines now, and the last of them to explain its death. */
#ifndef COYOTE_WORKER_OUTPUT_H
#define COYOTE_WORKER_OUTPUT_H

#include "base/buffer.h"
#include "base/log.h"
#include "loop/loop.h"

/* The last lines of both streams together. */
struct output_tail {
    struct buffer text;
};

struct output {
    struct loop_watch watch;
    int fd; /* -1: closed */
    enum log_level level;
    struct log *log;
    const char *service; /* borrowed */
    pid_t pid;
    struct buffer line; /* begun, not ended */
    struct output_tail *tail;
};

/* A pipe whose reading end is the output's; *child_end is the caller's to close. */
int output_open(struct output *output, int *child_end, struct error *error);

/* Begins to read; pid is told in the lines. */
int output_watch(struct output *output, struct loop *loop, pid_t pid, struct error *error);

/* Takes over a stream that somebody else has read the beginning of. */
int output_adopt(struct output *output, struct loop *loop, pid_t pid, struct bytes so_far, int fd,
                 struct error *error);

/* Reads what is there now, ends the last line and closes. */
void output_finish(struct output *output);

/* Closes without reading. */
void output_close(struct output *output);

/* The last lines, a newline between two; empty when nothing was printed. Borrowed. */
struct bytes output_tail_lines(const struct output_tail *tail);
void output_tail_free(struct output_tail *tail);

#endif
