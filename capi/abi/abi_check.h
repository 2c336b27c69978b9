/* What a host hands in, before anything is done with it. Each gives 0 or STATUS_EINVAL, and the words. */
#ifndef COYOTE_ABI_ABI_CHECK_H
#define COYOTE_ABI_ABI_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Text that must be there. */
int abi_text_check(const char *text, const char *name, struct error *error);

/* Bytes: PHP passes a negative size on as a huge one. */
int abi_bytes_check(const void *data, size_t size, const char *name, struct error *error);

/* A job's number. */
int abi_job_check(int64_t job, struct error *error);

#endif
