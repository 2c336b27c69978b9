#include "payload/reply.h"

const char *outcome_name(enum outcome outcome)
{
    switch (outcome) {
#define OUTCOME_CASE(name, value, text)                                                            \
    case OUTCOME_##name:                                                                           \
        return text;
        OUTCOME_LIST(OUTCOME_CASE)
#undef OUTCOME_CASE
    }
    return "unknown";
}
