/* The cost of an exec in instructions of the host, told by callgrind: cost.php runs this under it.
   Only the steady state is counted, neither the start of workers nor the filling of queues. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

#include "cost_cases.h"

enum { WARM_UP = 1200, EXECS = 2000, ROUNDS = 3, SIZE = 100 };

/* Three dumps of callgrind, of EXECS execs each. */
static void measure(const struct cost_case *what)
{
    struct pool_host *host = bench_pool_start(&what->pool);
    size_t sent = 0;
    for (; sent < what->in_flight; sent++) {
        bench_pool_submit(host, SIZE, what->keys, sent);
    }
    for (int round = -1; round < ROUNDS; round++) {
        if (round >= 0) {
            CALLGRIND_START_INSTRUMENTATION;
            CALLGRIND_ZERO_STATS;
        }
        for (int i = 0; i < (round < 0 ? WARM_UP : EXECS); i++) {
            bench_pool_take(host);
            bench_pool_submit(host, SIZE, what->keys, sent++);
        }
        if (round >= 0) {
            CALLGRIND_STOP_INSTRUMENTATION;
            CALLGRIND_DUMP_STATS;
        }
    }
    pool_host_free(host);
}

/* What cost.php has to know. */
static void list(void)
{
    printf("%d\n", EXECS);
    for (size_t i = 0; i < cost_case_count; i++) {
        const struct cost_case *what = &cost_cases[i];
        printf("%s\t%s\t%s\t%d\t%d\n", what->name, what->title,
               what->base == NULL ? "" : what->base, what->limited, what->quick);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        list();
        return 0;
    }
    for (size_t i = 0; i < cost_case_count; i++) {
        if (strcmp(cost_cases[i].name, argv[1]) == 0) {
            measure(&cost_cases[i]);
            return 0;
        }
    }
    fprintf(stderr, "bench_cost: no case is called %s\n", argv[1]);
    return 2;
}
