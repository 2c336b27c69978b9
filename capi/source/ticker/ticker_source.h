/* The kind `ticker`, and its section's own keys. */
#ifndef COYOTE_SOURCE_TICKER_SOURCE_H
#define COYOTE_SOURCE_TICKER_SOURCE_H

#include "source/source.h"

extern const struct source_kind ticker_source;

#endif
