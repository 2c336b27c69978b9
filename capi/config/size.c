#include "config/size.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "quantity.h"
#include "quote.h"

struct unit {
    const char *name;
    int64_t bytes;
};

static const struct unit UNITS[] = {
    {"B", 1},
    {"KB", 1000},
    {"MB", 1000000},
    {"GB", 1000000000},
    {"TB", 1000000000000},
    {"KiB", INT64_C(1) << 10},
    {"MiB", INT64_C(1) << 20},
    {"GiB", INT64_C(1) << 30},
    {"TiB", INT64_C(1) << 40},
};
enum { UNIT_COUNT = sizeof UNITS / sizeof *UNITS, BINARY = 5 };

static int refuse(const char *text, struct error *error, const char *reason)
{
    char *quoted = quote_text(text, strlen(text));
    if (quoted == NULL) {
        return error_memory(error);
    }
    int status = error_set(error, STATUS_EINVAL,
                           "%s is not a size: %s; write text such as \"64MiB\" or \"512KB\", or a "
                           "number of bytes",
                           quoted, reason);
    free(quoted);
    return status;
}

static const struct unit *unit_find(const char *name)
{
    if (*name == '\0') {
        return &UNITS[0];
    }
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        if (strcasecmp(UNITS[i].name, name) == 0) {
            return &UNITS[i];
        }
    }
    return NULL;
}

int size_parse(const char *text, int64_t *bytes, struct error *error)
{
    const char *at = text;
    struct quantity quantity;
    if (!quantity_read(&at, &quantity)) {
        return refuse(text, error,
                      *text == '-' ? "it can't be negative" : "it must start with a number");
    }
    const struct unit *unit = unit_find(at);
    if (unit == NULL) {
        /* "64M" is 64000000 to some and 67108864 to others */
        return refuse(text, error, "the units are B, KB, KiB, MB, MiB, GB, GiB, TB and TiB");
    }
    switch (quantity_times(&quantity, unit->bytes, bytes)) {
    case QUANTITY_TOO_BIG:
        return refuse(text, error, "it is more than can be counted");
    case QUANTITY_TOO_FINE:
        return refuse(text, error, "it does not come out as whole bytes");
    case QUANTITY_OK:
        break;
    }
    return STATUS_OK;
}

char *size_format(int64_t bytes)
{
    const struct unit *unit = &UNITS[0];
    for (size_t i = BINARY; i < UNIT_COUNT && bytes != 0; i++) {
        if (bytes % UNITS[i].bytes == 0) {
            unit = &UNITS[i];
        }
    }
    char *text = NULL;
    return asprintf(&text, "%lld%s", (long long)(bytes / unit->bytes), unit->name) < 0 ? NULL
                                                                                       : text;
}
