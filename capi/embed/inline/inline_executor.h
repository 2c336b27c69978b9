/* The executor whose worker is this process: PHP's receive() steps the loop. One job at a time.
   Who drives it runs the script whenever it is due, and steps the loop otherwise. */
#ifndef COYOTE_EMBED_INLINE_EXECUTOR_H
#define COYOTE_EMBED_INLINE_EXECUTOR_H

#include "embed_host.h"
#include "embed/php/embed_runtime.h"
#include "loop/loop.h"
#include "payload/executor.h"

/* All of it is borrowed. */
struct inline_settings {
    struct loop *loop;
    struct log *log;
    const char *service;
    const char *command;     /* as it was written, for messages */
    size_t max_payload_size; /* bytes */
    bool keep_trying;        /* a script that never asks for an event is run again and again */
    uint64_t max_jobs;       /* the script starts afresh after so many; 0: never */
};

struct inline_executor;

int inline_executor_new(const struct inline_settings *settings,
                        const struct executor_events *events, void *owner,
                        struct inline_executor **executor, struct error *error);

/* Freed through it, with executor_free. */
struct executor *inline_executor_base(struct inline_executor *executor);

/* What PHP's built-in functions talk to. */
struct embed_host *inline_executor_host(struct inline_executor *executor);

/* Whether the script has to be run now. */
bool inline_executor_due(const struct inline_executor *executor);

/* When it becomes due by itself; CLOCK_NEVER: only by what a step of the loop brings. */
int64_t inline_executor_deadline(const struct inline_executor *executor);

/* Around each run of the script, outside a step of the loop. */
void inline_executor_run_begins(struct inline_executor *executor);
void inline_executor_run_ended(struct inline_executor *executor, const struct embed_ending *ending);

/* PHP itself does not start: the executor fails with this. */
void inline_executor_fail(struct inline_executor *executor, const struct error *error);

#endif
