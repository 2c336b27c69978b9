/* Amounts of bytes as users write them. */
#ifndef COYOTE_CONFIG_SIZE_H
#define COYOTE_CONFIG_SIZE_H

#include <stdint.h>

#include "base/error.h"

/* "64MiB" (1024 each), "512KB" (1000 each), "1.5GiB", "4096" -> bytes. Units, in any case: B, KB,
   KiB, MB, MiB, GB, GiB, TB, TiB. */
int size_parse(const char *text, int64_t *bytes, struct error *error);

/* 67108864 -> "64MiB", 1000 -> "1000B": the largest binary unit that divides it.
   The caller frees it; NULL when memory ran out. */
char *size_format(int64_t bytes);

#endif
