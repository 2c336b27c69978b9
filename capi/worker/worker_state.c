#include "worker/worker_state.h"

#include <stdbool.h>

struct row {
    bool known;
    struct worker_transition transition;
};

static const struct row table[WORKER_STATE_COUNT][WORKER_EVENT_COUNT] = {
#define WORKER_ROW(state, event, next, action)                                                     \
    [WORKER_##state][WORKER_EVENT_##event] = {true, {WORKER_##next, WORKER_ACTION_##action}},
    WORKER_TRANSITIONS(WORKER_ROW)
#undef WORKER_ROW
};

struct worker_transition worker_transition(enum worker_state state, enum worker_event event)
{
    const struct row *row = &table[state][event];
    return row->known ? row->transition : (struct worker_transition){state, WORKER_ACTION_NOTHING};
}

const char *worker_state_name(enum worker_state state)
{
    static const char *const names[] = {
#define WORKER_NAME(name) #name,
        WORKER_STATES(WORKER_NAME)
#undef WORKER_NAME
    };
    return names[state];
}
