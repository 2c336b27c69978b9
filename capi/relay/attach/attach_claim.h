/* A descriptor has one relay at a time: two would each take a part of what comes. */
#ifndef COYOTE_RELAY_ATTACH_ATTACH_CLAIM_H
#define COYOTE_RELAY_ATTACH_ATTACH_CLAIM_H

#include <stdbool.h>
#include <sys/types.h>

/* Start with zeros. */
struct attach_claim {
    struct attach_claim *next;
    pid_t pid; /* whose it is: a fork's child has descriptors of its own */
    int fd;
    bool held;
};

/* Whether it is ours now. */
bool attach_claim_take(struct attach_claim *claim, int fd);

/* Harmless where nothing was taken. */
void attach_claim_give_up(struct attach_claim *claim);

#endif
