/* A source whose events a program pushes: a kind of its own, with a bounded queue. Of one thread. */
#ifndef COYOTE_SOURCE_HOST_HOST_SOURCE_H
#define COYOTE_SOURCE_HOST_HOST_SOURCE_H

#include "payload/host/host_jobs.h"
#include "source/source.h"

struct host_source;

enum host_source_state {
    HOST_SOURCE_IDLE,    /* its service is not there yet, or its workers are not ready */
    HOST_SOURCE_SERVING, /* events are taken */
    HOST_SOURCE_ENDED,   /* none is taken any more */
    HOST_SOURCE_ABSENT   /* it has no service */
};

enum { HOST_SOURCE_CAPACITY = 1024, HOST_SOURCE_CAPACITY_MOST = 1000000 };

/* NULL: STATUS_EINVAL, a name that can't be a kind's; STATUS_EMEMORY. */
struct host_source *host_source_new(const char *name, struct error *error);
/* After its service. Outcomes that were not taken are lost. NULL does nothing. */
void host_source_free(struct host_source *source);

/* For the registry; it lives as long as the source, and changes until its service is made. */
const struct source_kind *host_source_kind(const struct host_source *source);

/* --- before its service is made --- */

/* As config/schema.h has it, of an object without `source` and `workers`. 0, STATUS_EINVAL: with what is
   wrong; STATUS_EMEMORY. */
int host_source_set_schema(struct host_source *source, const char *schema, struct error *error);

/* A variable of its workers; the last value wins. 0, STATUS_EINVAL, STATUS_EMEMORY. */
int host_source_set_variable(struct host_source *source, const char *name, const char *value,
                             struct error *error);

/* --- the events; none of this blocks --- */

/* 1 to HOST_SOURCE_CAPACITY_MOST events may wait beyond those that workers are free for. */
int host_source_set_capacity(struct host_source *source, int64_t events, struct error *error);

/* Of the next event that is pushed, and of that one alone; all are copied, and stay until one is. An
   empty id is its number, an empty key none. 0, STATUS_EINVAL, STATUS_ETOOBIG, STATUS_EMEMORY. */
int host_source_set_id(struct host_source *source, struct bytes id, struct error *error);
int host_source_set_key(struct host_source *source, struct bytes key, struct error *error);
int host_source_set_attempt(struct host_source *source, int64_t attempt, struct error *error);

/* The event's number, 1 and up, or a negative status; all bytes are copied. STATUS_EFULL,
   STATUS_ESTATE: it will not be taken any more; STATUS_EMEMORY. */
int64_t host_source_push(struct host_source *source, const struct payload *payload,
                         struct error *error);

/* How many events would be started on at once, on top of those that wait here. */
size_t host_source_room(const struct host_source *source);

enum host_source_state host_source_state(const struct host_source *source);

/* Whether an event is without its outcome; whether an outcome waits to be taken. */
bool host_source_is_owed(const struct host_source *source);
bool host_source_has_outcome(const struct host_source *source);

/* The oldest outcome, its id is the event's number; NULL: there is none. The caller frees it. */
struct taken_reply *host_source_take(struct host_source *source);

/* There are no more events. */
void host_source_end(struct host_source *source);

/* It can't go on: its service ends with this, now or as soon as it is started. STATUS_EMEMORY. */
int host_source_fail(struct host_source *source, const char *reason, struct error *error);

/* It will not be served, or not any more: what waits is settled as cancelled, for this reason. The state
   is HOST_SOURCE_ENDED or HOST_SOURCE_ABSENT from now on; one that is either already stays so. */
void host_source_leave(struct host_source *source, enum host_source_state state,
                       const char *reason);

#endif
