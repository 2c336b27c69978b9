/* The line that a pool or a server gave out last: its handle is stale when the next one is taken. */
#ifndef COYOTE_ABI_LOG_LINE_H
#define COYOTE_ABI_LOG_LINE_H

#include <bindings.h>

#include "base/error.h"
#include "base/log.h"

struct log_place {
    const struct log_line *line;
    coy_log_line *handle; /* NULL: none is out */
};

/* A handle for `line`, the one before it is stale; NULL: line is NULL, or memory ran out, and the
   error is kept. */
coy_log_line *log_place_step(struct log_place *place, const struct log_line *line);

/* None is out any more. */
void log_place_clear(struct log_place *place);

#endif
