/* A user's own text within a message: in double quotes, on one line, not too long. */
#ifndef COYOTE_CONFIG_QUOTE_H
#define COYOTE_CONFIG_QUOTE_H

#include <stddef.h>

/* Letters of other scripts stay as they are. The caller frees it; NULL when memory ran out. */
char *quote_text(const char *text, size_t size);

#endif
