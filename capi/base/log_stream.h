/* Where log lines go out: a descriptor that somebody may read slowly, or not at all. */
#ifndef COYOTE_BASE_LOG_STREAM_H
#define COYOTE_BASE_LOG_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

struct log_stream {
    int fd;
    bool cut;      /* the last line went out in part */
    uint64_t lost; /* lines, not told yet */
    int64_t impatient_until;
};

/* Whether a line can go out now. Where a reader is slow this waits, at most a second in ten: a
   stuck terminal or pager must not hold the server. false: the line is lost, and counted. */
bool log_stream_ready(struct log_stream *stream);

/* A line with its line end; in part, if its reader goes to sleep in the middle. A reader that has
   gone and a full disk are passed over in silence. */
void log_stream_write(struct log_stream *stream, struct bytes line);

#endif
