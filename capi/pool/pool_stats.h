/* What a pool counts, and the deaths that it remembers. Counting is adding; nothing else is done for
   it until somebody asks. */
#ifndef COYOTE_POOL_POOL_STATS_H
#define COYOTE_POOL_POOL_STATS_H

#include "payload/executor.h"
#include "worker/worker.h"

struct pool_stats {
    uint64_t submitted;
    uint64_t outcomes[OUTCOME_COUNT];
    uint64_t given_back;
    uint64_t workers_started;
    uint64_t workers_died;
    uint64_t deaths[DEATH_CAUSE_COUNT];
    char *texts[EXECUTOR_DEATHS_KEPT]; /* of last_deaths; NULL: memory had run out */
    struct executor_death last_deaths[EXECUTOR_DEATHS_KEPT]; /* a ring */
};

/* Remembers it, in the place of the oldest. */
void pool_stats_death(struct pool_stats *stats, const struct worker *worker,
                      const struct worker_death *death);

/* The executor's `stats` and `deaths`. */
void pool_stats_read(const struct executor *executor, struct executor_stats *stats);
void pool_stats_read_deaths(const struct executor *executor, struct executor_deaths *deaths);
void pool_stats_free(struct pool_stats *stats);

#endif
