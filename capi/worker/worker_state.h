/* The life of a worker, as one table: state x event -> next state, action. What is not in the table
   changes nothing. */
#ifndef COYOTE_WORKER_WORKER_STATE_H
#define COYOTE_WORKER_WORKER_STATE_H

/* columns are what makes a table readable */
/* clang-format off */
#define WORKER_STATES(X)                                                                           \
    X(STARTING) /* runs, has not answered the handshake */                                         \
    X(READY)    /* waits for a job */                                                              \
    X(WORKING)  /* has jobs */                                                                     \
    X(RETIRING) /* has jobs, the last ones */                                                      \
    X(STOPPING) /* was asked to end, or has closed its relay */                                    \
    X(KILLED)   /* was sent SIGKILL */                                                             \
    X(DEAD)

#define WORKER_EVENTS(X)                                                                           \
    X(HANDSHAKE)  /* answered the server's pid */                                                  \
    X(ASSIGNED)   /* was given a job */                                                            \
    X(EMPTIED)    /* answered its last job */                                                      \
    X(RETIRE)     /* is to end when it has answered */                                             \
    X(ASKED_STOP) /* asks to be stopped */                                                         \
    X(CLOSED)     /* has closed its relay: is ending, as a rule */                                 \
    X(BROKEN)     /* sent nonsense */                                                              \
    X(STUCK)      /* has been at a job for longer than exec_ttl */                                 \
    X(OVERDUE)    /* let a deadline pass: to boot, to stop */                                      \
    X(KILL)       /* is to end at once */                                                          \
    X(EXITED)     /* is no more */

#define WORKER_ACTIONS(X)                                                                          \
    X(NOTHING)                                                                                     \
    X(TELL_READY) /* the pool gives it jobs */                                                     \
    X(AWAIT_JOBS) /* until destroy_timeout */                                                      \
    X(SEND_STOP)  /* and wait for the exit until destroy_timeout */                                \
    X(AWAIT_EXIT) /* a short while: it can't hear a stop any more */                               \
    X(SEND_KILL)                                                                                   \
    X(BURY) /* read what it left, tell the pool */

#define WORKER_TRANSITIONS(X)                                                                      \
    X(STARTING, HANDSHAKE,  READY,    TELL_READY)                                                  \
    X(STARTING, RETIRE,     STOPPING, SEND_STOP)                                                   \
    X(STARTING, ASKED_STOP, STOPPING, SEND_STOP)                                                   \
    X(STARTING, CLOSED,     STOPPING, AWAIT_EXIT)                                                  \
    X(STARTING, BROKEN,     KILLED,   SEND_KILL)                                                   \
    X(STARTING, OVERDUE,    KILLED,   SEND_KILL)                                                   \
    X(STARTING, KILL,       KILLED,   SEND_KILL)                                                   \
    X(STARTING, EXITED,     DEAD,     BURY)                                                        \
    X(READY,    ASSIGNED,   WORKING,  NOTHING)                                                     \
    X(READY,    RETIRE,     STOPPING, SEND_STOP)                                                   \
    X(READY,    ASKED_STOP, STOPPING, SEND_STOP)                                                   \
    X(READY,    CLOSED,     STOPPING, AWAIT_EXIT)                                                  \
    X(READY,    BROKEN,     KILLED,   SEND_KILL)                                                   \
    X(READY,    KILL,       KILLED,   SEND_KILL)                                                   \
    X(READY,    EXITED,     DEAD,     BURY)                                                        \
    X(WORKING,  EMPTIED,    READY,    TELL_READY)                                                  \
    X(WORKING,  RETIRE,     RETIRING, AWAIT_JOBS)                                                  \
    X(WORKING,  ASKED_STOP, STOPPING, SEND_STOP)                                                   \
    X(WORKING,  CLOSED,     STOPPING, AWAIT_EXIT)                                                  \
    X(WORKING,  BROKEN,     KILLED,   SEND_KILL)                                                   \
    X(WORKING,  STUCK,      KILLED,   SEND_KILL)                                                   \
    X(WORKING,  KILL,       KILLED,   SEND_KILL)                                                   \
    X(WORKING,  EXITED,     DEAD,     BURY)                                                        \
    X(RETIRING, EMPTIED,    STOPPING, SEND_STOP)                                                   \
    X(RETIRING, ASKED_STOP, STOPPING, SEND_STOP)                                                   \
    X(RETIRING, CLOSED,     STOPPING, AWAIT_EXIT)                                                  \
    X(RETIRING, BROKEN,     KILLED,   SEND_KILL)                                                   \
    X(RETIRING, OVERDUE,    KILLED,   SEND_KILL)                                                   \
    X(RETIRING, STUCK,      KILLED,   SEND_KILL)                                                   \
    X(RETIRING, KILL,       KILLED,   SEND_KILL)                                                   \
    X(RETIRING, EXITED,     DEAD,     BURY)                                                        \
    X(STOPPING, CLOSED,     STOPPING, AWAIT_EXIT)                                                  \
    X(STOPPING, BROKEN,     KILLED,   SEND_KILL)                                                   \
    X(STOPPING, OVERDUE,    KILLED,   SEND_KILL)                                                   \
    X(STOPPING, STUCK,      KILLED,   SEND_KILL)                                                   \
    X(STOPPING, KILL,       KILLED,   SEND_KILL)                                                   \
    X(STOPPING, EXITED,     DEAD,     BURY)                                                        \
    X(KILLED,   EXITED,     DEAD,     BURY)

enum worker_state {
#define WORKER_STATE(name) WORKER_##name,
    WORKER_STATES(WORKER_STATE)
#undef WORKER_STATE
    WORKER_STATE_COUNT
};

enum worker_event {
#define WORKER_EVENT(name) WORKER_EVENT_##name,
    WORKER_EVENTS(WORKER_EVENT)
#undef WORKER_EVENT
    WORKER_EVENT_COUNT
};

enum worker_action {
#define WORKER_ACTION(name) WORKER_ACTION_##name,
    WORKER_ACTIONS(WORKER_ACTION)
#undef WORKER_ACTION
    WORKER_ACTION_COUNT
};

/* clang-format on */

struct worker_transition {
    enum worker_state next;
    enum worker_action action;
};

/* Where there is no row: the same state and NOTHING. */
struct worker_transition worker_transition(enum worker_state state, enum worker_event event);

const char *worker_state_name(enum worker_state state);

#endif
