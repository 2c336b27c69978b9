/* Spans of time as users write them. */
#ifndef COYOTE_CONFIG_DURATION_H
#define COYOTE_CONFIG_DURATION_H

#include <stdint.h>

#include "base/error.h"

/* "250ms", "1m30s", "1.5h", "90" (seconds) -> milliseconds. Units: d, h, m, s, ms. */
int duration_parse(const char *text, int64_t *milliseconds, struct error *error);

/* 90000 -> "1m30s". The caller frees it; NULL when memory ran out. */
char *duration_format(int64_t milliseconds);

#endif
