#include "pool_roster.h"

#include <stdlib.h>

#include "worker/worker.h"

enum { WORD = 64 };

int roster_init(struct roster *roster, size_t prefetch)
{
    *roster = (struct roster){.prefetch = prefetch};
    list_init(&roster->staying);
    list_init(&roster->leaving);
    list_init(&roster->closed);
    roster->open = calloc(prefetch, sizeof *roster->open);
    for (size_t i = 0; roster->open != NULL && i < prefetch; i++) {
        list_init(&roster->open[i]);
    }
    return roster->open == NULL ? STATUS_EMEMORY : STATUS_OK;
}

void roster_free(struct roster *roster)
{
    free(roster->open);
    roster->open = NULL;
}

static void mark(struct roster *roster, const struct list *list)
{
    if (list == &roster->closed) {
        return;
    }
    size_t load = (size_t)(list - roster->open);
    uint64_t bit = (uint64_t)1 << (load % WORD);
    if (list_empty(list)) {
        roster->filled[load / WORD] &= ~bit;
    } else {
        roster->filled[load / WORD] |= bit;
    }
}

static void take_out(struct roster *roster, struct worker *worker)
{
    struct list *home = worker->home;
    if (home != NULL) {
        list_remove(home, &worker->node);
        worker->home = NULL;
        mark(roster, home);
    }
}

void roster_place(struct roster *roster, struct worker *worker, bool may_have_more)
{
    size_t load = worker->jobs.count;
    bool open = may_have_more && load < roster->prefetch;
    struct list *home = open ? &roster->open[load] : &roster->closed;
    take_out(roster, worker);
    worker->home = home;
    if (open && load == 0) {
        list_prepend(home, &worker->node);
    } else {
        list_append(home, &worker->node);
    }
    mark(roster, home);
}

void roster_join(struct roster *roster, struct worker *worker)
{
    list_append(&roster->staying, &worker->member);
    worker->membership = &roster->staying;
    roster_place(roster, worker, false);
}

void roster_remove(struct roster *roster, struct worker *worker)
{
    take_out(roster, worker);
    list_remove(worker->membership, &worker->member);
    worker->membership = NULL;
}

void roster_leave(struct roster *roster, struct worker *worker)
{
    if (!roster_is_leaving(roster, worker)) {
        roster_remove(roster, worker);
        list_append(&roster->leaving, &worker->member);
        worker->membership = &roster->leaving;
    }
}

bool roster_is_leaving(const struct roster *roster, const struct worker *worker)
{
    return worker->membership == &roster->leaving;
}

struct worker *roster_pick(const struct roster *roster)
{
    for (size_t word = 0; word * WORD < roster->prefetch; word++) {
        if (roster->filled[word] != 0) {
            size_t load = word * WORD + (size_t)__builtin_ctzll(roster->filled[word]);
            return container_of(list_first(&roster->open[load]), struct worker, node);
        }
    }
    return NULL;
}

struct worker *roster_longest_idle(const struct roster *roster)
{
    const struct list *idle = &roster->open[0];
    return list_empty(idle) ? NULL : container_of(idle->head.previous, struct worker, node);
}

static struct worker *member(struct list_node *node)
{
    return node == NULL ? NULL : container_of(node, struct worker, member);
}

struct worker *roster_first(const struct list *members)
{
    return member(list_first(members));
}

struct worker *roster_next(const struct list *members, const struct worker *worker)
{
    return member(list_next(members, &worker->member));
}
