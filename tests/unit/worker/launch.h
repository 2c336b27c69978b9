/* Launches a program and listens to it. */
#ifndef COYOTE_TESTS_UNIT_WORKER_LAUNCH_H
#define COYOTE_TESTS_UNIT_WORKER_LAUNCH_H

#include "worker/launcher.h"

struct launch {
    struct launched launched;
    int output;   /* what it prints on both streams */
    int relay[2]; /* read what it writes into 4, write what it reads from 3 */
};

/* The status of the launch. */
int launch_program(struct launch *launch, char *const *command, struct error *error);

/* As launch_program, as somebody else: `relay` is its relay's address; NULL: pipes. */
int launch_as(struct launch *launch, char *const *command, const struct worker_user *user,
              const char *relay, struct error *error);

/* As launch_program, with `sh -c`; asserts that it starts. */
void launch_shell(struct launch *launch, const char *script);

/* What it prints until its end, and waits for that; lives until the next call. */
const char *launch_finish(struct launch *launch);

/* Whether this process has a child left, dead or alive. */
int launch_children(void);

#endif
