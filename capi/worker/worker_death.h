/* How a worker ended: the facts, and the words that are made of them. */
#ifndef COYOTE_WORKER_WORKER_DEATH_H
#define COYOTE_WORKER_WORKER_DEATH_H

#include "base/log.h"
#include "payload/death_cause.h"

enum { DEATH_KEY_MOST = 64, DEATH_HEAD_MOST = 64 }; /* bytes that are told of a job */

/* The job that it had begun and not answered. */
struct death_job {
    bool any;          /* false: there was none, or it certainly had not begun one */
    uint64_t id;       /* the submitter's */
    size_t size;       /* bytes of context and body */
    bool keyed;        /* it has a key */
    bool key_cut;      /* there is more of it */
    bool head_cut;     /* likewise */
    struct bytes key;  /* its first bytes; empty where memory for it had run out */
    struct bytes head; /* those of the body, of the context where that is empty; likewise */
};

/* Borrowed: valid during the call that hands it over. */
struct worker_death {
    enum death_cause cause;
    bool expected;   /* it was to end and costs nobody anything, whatever the cause */
    bool booted;     /* it had answered the handshake */
    bool known;      /* else somebody else took its exit status */
    int signal;      /* that ended it, the pool's SIGKILL as well; 0: none */
    int exit_status; /* -1: none */
    bool core_dumped;
    int64_t age;        /* milliseconds */
    uint64_t jobs_done; /* answered in time */
    size_t peak_memory; /* bytes; 0: not known */
    struct death_job job;
    const char *relay_error;  /* what was wrong on its relay; NULL: nothing */
    struct bytes last_output; /* its last lines, with a newline between two */
    const char *text;         /* one line that says all this */
    size_t brief;             /* of the text: how it ended, and no more; 0: all */
};

/* The line of the log about it, its only one: `text` for people, the facts as fields. */
void worker_death_log(struct log *log, enum log_level level, const char *service, pid_t pid,
                      const struct worker_death *death);

#endif
