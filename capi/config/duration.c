#include "config/duration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quantity.h"
#include "quote.h"

struct unit {
    const char *name;
    int64_t milliseconds;
};

/* From large to small, which is the order that they are written in. */
static const struct unit UNITS[] = {
    {"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1},
};
enum { UNIT_COUNT = sizeof UNITS / sizeof *UNITS, SECONDS = 3 };

static int refuse(const char *text, struct error *error, const char *reason)
{
    char *quoted = quote_text(text, strlen(text));
    if (quoted == NULL) {
        return error_memory(error);
    }
    int status = error_set(error, STATUS_EINVAL,
                           "%s is not a duration: %s; write text such as \"250ms\", \"1m30s\" or "
                           "\"1.5h\", or a number of seconds",
                           quoted, reason);
    free(quoted);
    return status;
}

static int refuse_unit(const char *text, struct error *error, const char *unit, size_t size)
{
    char *quoted = quote_text(unit, size);
    char *reason = NULL;
    if (quoted == NULL ||
        asprintf(&reason, "there is no unit %s, only d, h, m, s and ms", quoted) < 0) {
        free(quoted);
        return error_memory(error);
    }
    int status = refuse(text, error, reason);
    free(reason);
    free(quoted);
    return status;
}

static size_t unit_find(const char *name, size_t size)
{
    size_t i = 0;
    while (i < UNIT_COUNT &&
           (strlen(UNITS[i].name) != size || memcmp(UNITS[i].name, name, size) != 0)) {
        i++;
    }
    return i;
}

/* One number with its unit; *next is the unit that may come first. */
static int duration_part(const char *text, const char **at, size_t *next, int64_t *total,
                         struct error *error)
{
    struct quantity quantity;
    bool first = *at == text;
    if (!quantity_read(at, &quantity)) {
        return refuse(text, error,
                      *text == '-' ? "it can't be negative"
                                   : "a number must come before each unit");
    }
    const char *unit = *at;
    *at += strcspn(unit, "0123456789.+-");
    size_t size = (size_t)(*at - unit);
    size_t found = unit_find(unit, size);
    if (size == 0 && first && *unit == '\0') {
        found = SECONDS;
    } else if (size == 0) {
        return refuse(text, error, "a number in it has no unit (d, h, m, s, ms)");
    } else if (found == UNIT_COUNT) {
        return refuse_unit(text, error, unit, size);
    }
    if (found < *next) {
        return refuse(text, error, "the units must go from large to small, each once");
    }
    *next = found + 1;
    int64_t part;
    enum quantity_result result = quantity_times(&quantity, UNITS[found].milliseconds, &part);
    if (result == QUANTITY_TOO_FINE) {
        return refuse(text, error, "it is finer than a millisecond");
    }
    if (result == QUANTITY_TOO_BIG || __builtin_add_overflow(*total, part, total)) {
        return refuse(text, error, "it is longer than can be counted");
    }
    return STATUS_OK;
}

int duration_parse(const char *text, int64_t *milliseconds, struct error *error)
{
    const char *at = text;
    size_t next = 0;
    int64_t total = 0;
    if (*text == '\0') {
        return refuse(text, error, "it is empty");
    }
    while (*at != '\0') {
        int status = duration_part(text, &at, &next, &total, error);
        if (status != STATUS_OK) {
            return status;
        }
    }
    *milliseconds = total;
    return STATUS_OK;
}

char *duration_format(int64_t milliseconds)
{
    /* a sign and five numbers of at most 20 characters, each with a unit */
    char text[128];
    char *to = text;
    if (milliseconds < 0) {
        *to++ = '-';
    }
    uint64_t left = milliseconds < 0 ? -(uint64_t)milliseconds : (uint64_t)milliseconds;
    if (left == 0) {
        to = stpcpy(to, "0s");
    }
    for (size_t i = 0; i < UNIT_COUNT && left > 0; i++) {
        uint64_t unit = (uint64_t)UNITS[i].milliseconds;
        if (left >= unit) {
            to += sprintf(to, "%llu%s", (unsigned long long)(left / unit), UNITS[i].name);
            left %= unit;
        }
    }
    *to = '\0';
    return strdup(text);
}
