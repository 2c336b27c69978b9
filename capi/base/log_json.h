/* A log line as a JSON object. */
#ifndef COYOTE_BASE_LOG_JSON_H
#define COYOTE_BASE_LOG_JSON_H

#include "base/buffer.h"
#include "base/log.h"

/* Appends it with a newline: time, level, service, pid and text, then the line's fields as members
   beside them, flat, as log stores index them. Whatever the bytes, it is valid JSON; what is no UTF-8
   becomes U+FFFD. 0 or STATUS_EMEMORY. */
int log_json_print(struct buffer *to, const struct log_line *line);

/* Appends the line's fields alone, as one JSON object without a newline; "{}" when it has none. */
int log_json_print_fields(struct buffer *to, const struct log_line *line);

#endif
