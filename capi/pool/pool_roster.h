/* Which worker may be given the next job: the one with the fewest. Nothing in it grows with the
   number of workers. */
#ifndef COYOTE_POOL_POOL_ROSTER_H
#define COYOTE_POOL_POOL_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "pool/pool.h"

struct worker;

enum { ROSTER_WORDS = (POOL_PREFETCH_MOST + 63) / 64 };

struct roster {
    struct list staying; /* every worker that is the pool's, by its age */
    struct list leaving; /* retired or killed: not counted any more */
    struct list *open;   /* those that may have more jobs, by how many they have */
    struct list closed;  /* those that may not: they boot, have all they may have, or are spent */
    size_t prefetch;     /* how many lists there are */
    uint64_t filled[ROSTER_WORDS]; /* a bit for each list that is not empty */
};

/* 0 or STATUS_EMEMORY. */
int roster_init(struct roster *roster, size_t prefetch);
void roster_free(struct roster *roster);

/* A new one, closed. */
void roster_join(struct roster *roster, struct worker *worker);
/* Opens it according to its jobs, or closes it. */
void roster_place(struct roster *roster, struct worker *worker, bool may_have_more);
/* From staying to leaving; once more changes nothing. */
void roster_leave(struct roster *roster, struct worker *worker);
/* Out of all lists. */
void roster_remove(struct roster *roster, struct worker *worker);

bool roster_is_leaving(const struct roster *roster, const struct worker *worker);

/* An open one with the fewest jobs: of those without a job the one that was used last, whose
   memory is still warm; of the others the next in turn. NULL: there is none. */
struct worker *roster_pick(const struct roster *roster);

/* The one without a job that has had none for the longest; NULL: each has one. */
struct worker *roster_longest_idle(const struct roster *roster);

/* The oldest of a list, and the one after it; NULL at the end. */
struct worker *roster_first(const struct list *members);
struct worker *roster_next(const struct list *members, const struct worker *worker);

#endif
