/* Why a process that ran PHP has ended. */
#ifndef COYOTE_PAYLOAD_DEATH_CAUSE_H
#define COYOTE_PAYLOAD_DEATH_CAUSE_H

/* columns are what makes a table readable */
/* clang-format off */
#define DEATH_CAUSE_LIST(X)                                                                        \
    X(EXPECTED,        "expected")        /* it was to end, and did */                             \
    X(EXIT,            "exit")            /* it ended by itself, well or not */                    \
    X(SIGNAL,          "signal")          /* by its own fault or somebody's kill */                \
    X(OOM,             "oom")             /* the kernel's kill, for want of memory */              \
    X(UNKNOWN,         "unknown")         /* somebody else took its exit status */                 \
    X(BOOT,            "boot")            /* it ended before it was ready */                       \
    X(BOOT_TIMEOUT,    "boot_timeout")    /* killed: it did not become ready */                    \
    X(CLOSED,          "closed_relay")    /* killed: it can be asked nothing and did not end */    \
    X(PROTOCOL,        "protocol")        /* killed: it said nonsense */                           \
    X(MEMORY,          "memory")          /* killed: memory ran out while it was served */         \
    X(EXEC_TTL,        "exec_ttl")        /* killed: it was at one job for too long */             \
    X(RESET_TIMEOUT,   "reset_timeout")   /* killed: a reset has replaced it, and it went on */    \
    X(DESTROY_TIMEOUT, "destroy_timeout") /* killed: it was to end, and did not */                 \
    X(KILLED,          "killed")          /* killed by its owner's wish */
/* clang-format on */

enum death_cause {
#define DEATH_CAUSE_ENUM(name, text) DEATH_##name,
    DEATH_CAUSE_LIST(DEATH_CAUSE_ENUM)
#undef DEATH_CAUSE_ENUM
        DEATH_CAUSE_COUNT
};

/* "exec_ttl". */
const char *death_cause_name(enum death_cause cause);

#endif
