/* Bytes that a host hands in, before they are looked at. */
#ifndef COYOTE_ABI_BYTES_CHECK_H
#define COYOTE_ABI_BYTES_CHECK_H

#include "base/bytes.h"
#include "base/error.h"

/* 0, or STATUS_EINVAL: NULL with a size, or a size that was negative before it came here, as PHP
   passes one on. name: what messages call them. */
int bytes_check(struct bytes bytes, const char *name, struct error *error);

#endif
