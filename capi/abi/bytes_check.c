#include "bytes_check.h"

#include <stdint.h>

int bytes_check(struct bytes bytes, const char *name, struct error *error)
{
    if (bytes.size > PTRDIFF_MAX) {
        return error_set(error, STATUS_EINVAL, "the size of the %s is negative or impossible",
                         name);
    }
    if (bytes.data == NULL && bytes.size > 0) {
        return error_set(error, STATUS_EINVAL, "the %s is NULL but has a size of %zu", name,
                         bytes.size);
    }
    return STATUS_OK;
}
