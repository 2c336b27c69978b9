#include "abi_check.h"

#include <inttypes.h>

int abi_text_check(const char *text, const char *name, struct error *error)
{
    return text != NULL ? STATUS_OK
                        : error_set(error, STATUS_EINVAL, "the %s must be text, not NULL", name);
}

int abi_bytes_check(const void *data, size_t size, const char *name, struct error *error)
{
    if (size > PTRDIFF_MAX) {
        return error_set(error, STATUS_EINVAL, "the size of the %s is negative or impossible",
                         name);
    }
    if (data == NULL && size > 0) {
        return error_set(error, STATUS_EINVAL, "the %s is NULL but has a size of %zu", name, size);
    }
    return STATUS_OK;
}

int abi_job_check(int64_t job, struct error *error)
{
    return job > 0 ? STATUS_OK
                   : error_set(error, STATUS_EINVAL,
                               "there is no job %" PRId64 ": they are numbered from 1 on", job);
}
