#include "payload/executor_number.h"

#include <string.h>

#include "base/error.h"

#define NUMBER(name, member)                                                                       \
    {name, offsetof(struct executor_stats, member), sizeof(((struct executor_stats *)0)->member)},
#define OUTCOME_NUMBER(name, value, text) NUMBER(text, outcomes[value])
#define DEATH_NUMBER(name, text) NUMBER("died_" text, deaths[DEATH_##name])

/* Each is named like its member, but for those of the two lists. */
#define MEMBER(member) NUMBER(#member, member)

/* a row each */
/* clang-format off */
static const struct {
    const char *name;
    size_t offset;
    size_t size;
} numbers[] = {
    MEMBER(submitted)
    OUTCOME_LIST(OUTCOME_NUMBER)
    MEMBER(queued)
    MEMBER(behind_keys)
    MEMBER(in_flight)
    MEMBER(refused)
    MEMBER(given_back)
    MEMBER(workers_booting)
    MEMBER(workers_ready)
    MEMBER(workers_working)
    MEMBER(workers_leaving)
    MEMBER(workers_started)
    MEMBER(workers_died)
    DEATH_CAUSE_LIST(DEATH_NUMBER)
};
/* clang-format on */

enum { COUNT = sizeof numbers / sizeof *numbers };

const char *executor_number_name(size_t index)
{
    return index < COUNT ? numbers[index].name : NULL;
}

int executor_number_read(const struct executor_stats *stats, const char *name, int64_t *value)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (strcmp(numbers[i].name, name) == 0) {
            const char *at = (const char *)stats + numbers[i].offset;
            uint64_t wide = 0;
            size_t narrow = 0;
            memcpy(numbers[i].size == sizeof wide ? (void *)&wide : (void *)&narrow, at,
                   numbers[i].size);
            *value = (int64_t)(wide + narrow);
            return STATUS_OK;
        }
    }
    return STATUS_EINVAL;
}
