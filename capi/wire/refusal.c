#include "refusal.h"

#include <inttypes.h>
#include <stdlib.h>

enum { QUOTE_MOST = 200, QUOTE_BEGIN = 80 };

static const char *quote_text(const char *quoted)
{
    return quoted == NULL ? "(no memory to quote it)" : quoted;
}

int refuse_quoting(struct error *error, const char *reason, struct bytes bytes)
{
    if (error == NULL) {
        return STATUS_EPROTOCOL;
    }
    char *quoted = bytes_quote(bytes, QUOTE_MOST);
    error_set(error, STATUS_EPROTOCOL, "%s: %s", reason, quote_text(quoted));
    free(quoted);
    return STATUS_EPROTOCOL;
}

int refuse_too_big(struct error *error, uint64_t size, size_t limit, struct bytes came)
{
    if (error == NULL) {
        return STATUS_ETOOBIG;
    }
    char *quoted = bytes_quote(came, QUOTE_BEGIN);
    error_set(error, STATUS_ETOOBIG,
              "a frame of %" PRIu64 " bytes came, the limit is %zu: raise workers.max_payload_size "
              "or send less; the frame begins %s",
              size, limit, quote_text(quoted));
    free(quoted);
    return STATUS_ETOOBIG;
}
