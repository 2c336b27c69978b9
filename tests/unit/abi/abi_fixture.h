/* Pools of obedient workers (tests/fixtures/workers/obedient.php), by the library's own calls. */
#ifndef COYOTE_TESTS_UNIT_ABI_ABI_FIXTURE_H
#define COYOTE_TESTS_UNIT_ABI_ABI_FIXTURE_H

#include <bindings.h>

#include "suite.h"

extern const char obedient[]; /* a command */

/* Of one worker, not started; and started. */
coy_pool *new_pool(void);
coy_pool *started_pool(void);

int64_t submit_body(coy_pool *pool, const char *body);
coy_reply *exec_body(coy_pool *pool, const char *body);

/* Asserts what became of it, and frees it. */
void expect_body(coy_reply *reply, const char *body);
void expect_outcome(coy_reply *reply, int outcome);

/* Asserts that the last call of this thread that failed did so with this, and a text that has `words`
   in it. */
void expect_error(int status, const char *words);

#endif
