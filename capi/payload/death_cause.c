#include "payload/death_cause.h"

const char *death_cause_name(enum death_cause cause)
{
    static const char *const names[] = {
#define DEATH_CAUSE_NAME(name, text) text,
        DEATH_CAUSE_LIST(DEATH_CAUSE_NAME)
#undef DEATH_CAUSE_NAME
    };
    return names[cause];
}
