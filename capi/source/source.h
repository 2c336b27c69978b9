/* Where events come from. Pull-based: the executor's free room decides how much is taken, so that
   what can't be worked on stays where it is safe. A source never sees an executor. */
#ifndef COYOTE_SOURCE_SOURCE_H
#define COYOTE_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"
#include "payload/payload.h"
#include "payload/reply.h"

struct source;

struct event {
    struct bytes id;  /* in messages and logs */
    struct bytes key; /* ordering: events of one key run in order, one at a time; empty: any order;
                         below 4 GiB */
    struct payload payload;
    uint32_t attempt; /* 1 for the first delivery */
    void *handle;     /* the source's own */
};

enum source_next {
    SOURCE_EVENT, /* *event is filled in; its bytes stay valid until settle */
    SOURCE_NONE,  /* nothing now: wait for fd or deadline */
    SOURCE_END    /* nothing ever again: the service ends when all is settled */
};

/* What a source may ask of its surroundings. Outlives the source. The functions are called from the
   thread of the loop, from within a call of the source's as well, and only until close. */
struct source_host {
    struct log *log;
    const char *service;
    /* How many events would be started on now: next is called so often, if it has them. */
    size_t (*room)(const struct source_host *host);
    /* next has something, though neither fd nor deadline say so: it is called soon if there is room. */
    void (*ready)(const struct source_host *host);
    /* The source can't go on: the service ends with this, soon; the error is copied. What is under way
       is settled as ever. */
    void (*fail)(const struct source_host *host, const struct error *reason);
};

struct source_kind {
    const char *name;
    /* Schema of the section's own keys (config/schema.h), as JSON text; `source` and `workers` are
       the service's and are not in it. NULL: any keys, unchecked. */
    const char *schema;
    /* Variables of its workers, NAME=VALUE, ended by NULL: above the server's, below the section's
       workers.env. NULL: none. */
    char *const *environment;
    /* One section alone may be of it. */
    bool single;
    /* How many events may be at a worker, those that wait there counted, unless the config says it:
       1 for one whose events lose their worth by waiting. 0: what is good for speed. */
    size_t prefetch;
    /* `section`: the checked section as JSON text; durations are whole milliseconds. `kind` is this
       one: it may be a member of what the source is made from. */
    int (*open)(const struct source_kind *kind, const char *section, const struct source_host *host,
                struct source **source, struct error *error);
    /* Starts the clock or the consuming: from now on next may be called. */
    int (*start)(struct source *source, struct error *error);
    /* Readable when next may have something; -1: none. */
    int (*fd)(const struct source *source);
    /* When next may have something without fd saying so (monotonic); CLOCK_NEVER: none. */
    int64_t (*deadline)(const struct source *source);
    /* Never blocks. enum source_next, or a negative status: the service fails with it. */
    int (*next)(struct source *source, struct event *event, struct error *error);
    /* The outcome of an event; the event's bytes are the source's again. */
    int (*settle)(struct source *source, const struct event *event, const struct reply *reply,
                  struct error *error);
    /* next is not called any more, what is under way is still to be settled. Comes once, before close,
       maybe long before; NULL: it need not know. */
    void (*halt)(struct source *source);
    void (*close)(struct source *source);
};

/* The base of each source: the first member of its struct. */
struct source {
    const struct source_kind *kind;
};

#endif
