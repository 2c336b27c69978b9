/* A pool as an executor, stepped by the test, whose log is read as the lines of JSON that it is. */
#ifndef COYOTE_TESTS_UNIT_POOL_POOL_WORLD_H
#define COYOTE_TESTS_UNIT_POOL_POOL_WORLD_H

#include <jansson.h>

#include "base/log_console.h"
#include "fixture.h"
#include "loop/loop.h"
#include "payload/executor.h"

struct pool_world {
    struct loop *loop;
    struct executor *executor;
    struct log_console log;
    bool started;
    bool stopped;
    bool failed;
    size_t ended;
    struct job *last; /* that ended, and how: */
    enum outcome outcome;
    pid_t pid;
    char *message; /* owned */
};

/* By the fixture's `settings`; starts and steps until it has started or failed. */
void pool_world_open(struct pool_world *world);
void pool_world_close(struct pool_world *world);

/* One step, after which the books must balance. */
void pool_world_step(struct pool_world *world);
/* Until so many jobs have ended since it was opened. */
void pool_world_step_until_ended(struct pool_world *world, size_t ended);
/* Until so many workers have died. */
void pool_world_step_until_died(struct pool_world *world, uint64_t died);
void pool_world_stop(struct pool_world *world);

void pool_world_expect_balance(const struct pool_world *world);

/* The lines about deaths, oldest first, as an array; the caller has it. */
json_t *pool_world_deaths(const struct pool_world *world);

#endif
