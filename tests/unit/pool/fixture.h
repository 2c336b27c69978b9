/* A started pool of obedient workers (tests/fixtures/workers/obedient.php). */
#ifndef COYOTE_TESTS_UNIT_POOL_FIXTURE_H
#define COYOTE_TESTS_UNIT_POOL_FIXTURE_H

#include "pool/pool_host.h"
#include "suite.h"

extern struct pool_host *host;

/* For a test to change before start_pool. */
extern struct pool_settings settings;

/* Sets `settings` to two workers with short time-outs. */
void fixture_setup(void);
/* The same over a socket. */
void fixture_setup_unix(void);
void fixture_setup_tcp(void);
void fixture_teardown(void);

void start_pool(void);

/* A script of tests/fixtures/workers/ as the command. */
void use_script(const char *name);

/* For scripts that tell the first worker from its successors by a file, $FIRST. */
void first_file_setup(void);
void first_file_teardown(void);

/* Runs one payload; the reply lives until the next exec. */
const struct reply *exec(const char *context, const char *body);
const struct reply *exec_payload(struct payload payload);

/* Asserts an outcome OK with this body. */
void expect_body(const struct reply *reply, const char *body);

/* Over tcp the answers to jobs behind the one that a worker died with may be lost on their way: then
   those may have run and end with it. Whether this is such an outcome. */
bool lost_by_tcp(const struct reply *reply);

/* Asserts the outcome and that the message has the text in it. */
void expect_failure(const struct reply *reply, enum outcome outcome, bool may_have_run,
                    const char *text);

/* Whether a log line with this text comes within ten seconds. Outcomes that come meanwhile are kept
   for next_outcome. */
bool log_has(const char *text);

/* The outcome of a job, or any (0). The caller frees it. */
struct taken_reply *next_outcome(int64_t id);

#endif
