/* The log of a library: lines wait, in bounded memory, until the host takes them. */
#ifndef COYOTE_BASE_LOG_QUEUE_H
#define COYOTE_BASE_LOG_QUEUE_H

#include "base/list.h"
#include "base/log.h"

enum { LOG_QUEUE_LINES = 1024, LOG_QUEUE_BYTES = 1024 * 1024 };

struct log_queue {
    struct log log;
    struct list lines;
    size_t bytes;
    uint64_t lost; /* dropped because the host did not take them */
    void *current; /* what log_queue_next gave out last */
};

void log_queue_init(struct log_queue *queue, enum log_level minimum);
void log_queue_free(struct log_queue *queue);

/* The oldest line, NULL when there is none. It lives until the next call; its text is followed by
   a NUL, and its fields are in fields_json. Lost lines are told once, as a warning in the place where they are missing. */
const struct log_line *log_queue_next(struct log_queue *queue);

#endif
