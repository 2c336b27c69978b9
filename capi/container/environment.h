/* The variables that worker processes are given: the server's own and what services set. */
#ifndef COYOTE_CONTAINER_ENVIRONMENT_H
#define COYOTE_CONTAINER_ENVIRONMENT_H

#include "base/error.h"

struct environment;

/* A copy of `variables` (such as environ), names as they are; NULL: empty. NULL when memory ran
   out. */
struct environment *environment_new(char *const *variables);
struct environment *environment_copy(const struct environment *environment);
/* NULL does nothing. */
void environment_free(struct environment *environment);

/* The name is upper-cased, the last value wins. STATUS_EINVAL for an empty name or one with '='. */
int environment_set(struct environment *environment, const char *name, const char *value,
                    struct error *error);

/* By the exact name. NULL when it is not set; borrowed until the next set. */
const char *environment_get(const struct environment *environment, const char *name);

/* NULL-terminated "NAME=value" lines for execve; borrowed until the next set. */
char *const *environment_lines(const struct environment *environment);

#endif
