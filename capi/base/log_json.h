/* A log line as a JSON object. */
#ifndef COYOTE_BASE_LOG_JSON_H
#define COYOTE_BASE_LOG_JSON_H

#include "base/buffer.h"
#include "base/log.h"

/* Appends it with a newline: time, level, service, pid and text, then the line's fields as members
   beside them, flat, as log stores index them. Whatever the bytes, it is valid JSON; what is no UTF-8
   becomes U+FFFD. 0 or STATUS_EMEMORY. */
int log_json_print(struct buffer *to, const struct log_line *line);

/* Its fields alone, as an object without a newline; where it has none, or only such as are dropped,
   nothing. 0 or STATUS_EMEMORY. */
int log_json_print_fields(struct buffer *to, const struct log_line *line);

#endif
