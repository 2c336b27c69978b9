/* What the host source's own files share. */
#ifndef COYOTE_SOURCE_HOST_HOST_STATE_H
#define COYOTE_SOURCE_HOST_HOST_STATE_H

#include "base/buffer.h"
#include "source/host/host_source.h"

struct host_source {
    struct source source; /* what its service is given; one at a time, for the kind is single */
    struct source_kind kind;
    char *name;
    char *schema;
    char **environment; /* NAME=VALUE, ended by NULL */
    size_t variables;   /* in it */

    const struct source_host *host; /* while its service has it; NULL else */
    enum host_source_state state;
    bool ended;           /* no more events come */
    struct error failure; /* it can't go on */

    struct host_jobs jobs;
    struct list waiting; /* jobs of it, oldest first */
    size_t capacity;

    /* of the next event that is pushed */
    struct buffer id;
    struct buffer key;
    uint32_t attempt;
    struct buffer label; /* of the one that is being pushed, kept between them */
};

/* --- host_kind.c --- */

extern const struct source_kind host_kind;

/* --- host_queue.c --- */

/* The event of a job that waits no more. */
void host_queue_take(struct host_source *source, struct event *event);

#endif
