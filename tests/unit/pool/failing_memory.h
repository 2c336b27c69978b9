/* malloc, calloc, realloc, strdup and asprintf of the floors, made to fail, or counted: the linker's
   --wrap. */
#ifndef COYOTE_TESTS_UNIT_POOL_FAILING_MEMORY_H
#define COYOTE_TESTS_UNIT_POOL_FAILING_MEMORY_H

#include <stdbool.h>

/* The allocation `number` from now on fails (0: the next), and with `all` every later one too. */
void failing_memory_arm(int number, bool all);

/* Ends it; whether one has failed. */
bool failing_memory_disarm(void);

/* How many allocations there were between the two. */
void failing_memory_count(void);
int failing_memory_counted(void);

#endif
