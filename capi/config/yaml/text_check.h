/* Whether a file is text at all, told before a parser meets it. */
#ifndef COYOTE_CONFIG_TEXT_CHECK_H
#define COYOTE_CONFIG_TEXT_CHECK_H

#include "base/error.h"
#include "position.h"

/* STATUS_ECONFIG with the place of the first byte that is not UTF-8 text. */
int text_check(const struct origin *origin, const char *text, size_t size, struct error *error);

#endif
