/* What PHP prints, as lines of the log. */
#ifndef COYOTE_EMBED_OUTPUT_H
#define COYOTE_EMBED_OUTPUT_H

#include "base/buffer.h"
#include "base/log.h"

struct embed_output {
    struct log *log;
    const char *service;
    struct buffer line; /* begun, its end has not come yet */
};

/* A line that never ends is cut here, or it would eat the memory. */
enum { EMBED_OUTPUT_LINE = 64 * 1024 };

/* echo and print: each whole line is logged, the rest waits. Empty lines are dropped. */
void embed_output_write(struct embed_output *output, struct bytes text);

/* Logs what waits: when the script blocks or has ended. */
void embed_output_flush(struct embed_output *output);

/* A message of PHP's error log, with the level that syslog would give it. One entry, whatever its
   lines: a stack trace stays together. */
void embed_output_message(struct embed_output *output, const char *message, int syslog_level);

void embed_output_free(struct embed_output *output);

#endif
