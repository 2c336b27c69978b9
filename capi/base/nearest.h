/* "did you mean": the known word that a mistyped one most likely meant. */
#ifndef COYOTE_BASE_NEAREST_H
#define COYOTE_BASE_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *typed;
    const char *known; /* the best so far; NULL: nothing is near enough */
    size_t distance;
};

/* `typed` is borrowed as long as words are offered. */
struct nearest nearest_to(const char *typed);

/* Keeps `known`, borrowed, if it is nearer than what was offered before. */
void nearest_offer(struct nearest *nearest, const char *known);

#endif
