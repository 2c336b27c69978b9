/* What is measured by bench_cost: the load on a pool, and what it is compared with. */
#ifndef COYOTE_TESTS_BENCH_COST_CASES_H
#define COYOTE_TESTS_BENCH_COST_CASES_H

#include "bench_pool.h"

struct cost_case {
    const char *name;
    const char *title;
    const char *base; /* the name of another case; NULL: it is a base itself */
    bool limited;     /* must not cost more than 10 % above its base */
    bool quick;       /* among those that ctest runs */
    struct bench_pool pool;
    size_t in_flight; /* execs that are on their way at a time: at workers, or queued behind them */
    size_t keys;      /* how many different ones; 0: no keys */
};

extern const struct cost_case cost_cases[];
extern const size_t cost_case_count;

#endif
