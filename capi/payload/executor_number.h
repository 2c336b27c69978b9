/* The numbers of an executor by their names: "submitted", "crashed", "died_oom". */
#ifndef COYOTE_PAYLOAD_EXECUTOR_NUMBER_H
#define COYOTE_PAYLOAD_EXECUTOR_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#include "payload/executor_stats.h"

/* From index 0 on; NULL past the last one. Static. */
const char *executor_number_name(size_t index);

/* STATUS_OK, or STATUS_EINVAL: there is no such number, and *value is left alone. */
int executor_number_read(const struct executor_stats *stats, const char *name, int64_t *value);

#endif
