/* Group: version and errors. */
#include <bindings.h>

#include "last_error.h"

/* The floors number their statuses as bindings.h does. */
#define STATUS_SAME(name, value)                                                                   \
    _Static_assert((int)COY_##name == (value), "bindings.h and base/error.h differ: " #name);
STATUS_LIST(STATUS_SAME)

int coy_abi_version(void)
{
    return COYOTE_ABI_VERSION;
}

const char *coy_version(void)
{
    return COYOTE_VERSION;
}

int coy_error_status(void)
{
    return last_error()->status;
}

const char *coy_error_message(void)
{
    const struct error *error = last_error();
    return error->status == STATUS_OK ? "" : error_text(error);
}
