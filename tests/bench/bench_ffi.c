/* bench_ffi EXECS WINDOW WORKER: microseconds an exec through bindings.h, as ffi_host.php measures
   them from PHP. Window 1: by coy_pool_exec; else by submit and next, so many on their way. */
#include <bindings.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIZE = 100, WARM_UP = 2000 };

static char body[SIZE];

static void must(bool good)
{
    if (!good) {
        fprintf(stderr, "bench_ffi: %s\n", coy_error_message());
        exit(1);
    }
}

static void take(coy_reply *reply)
{
    must(reply != NULL);
    if (coy_reply_outcome(reply) != COY_OUTCOME_OK || coy_reply_body_size(reply) != SIZE) {
        fprintf(stderr, "bench_ffi: an exec failed\n");
        exit(1);
    }
    coy_reply_free(reply);
}

static void one_at_a_time(coy_pool *pool, long execs)
{
    for (long i = 0; i < execs; i++) {
        take(coy_pool_exec(pool, "{}", 2, body, SIZE, 60000));
    }
}

static void in_a_window(coy_pool *pool, long execs, long window)
{
    long sent = 0;
    for (long done = 0; done < execs; done++) {
        while (sent < execs && sent - done < window) {
            must(coy_pool_submit(pool, "{}", 2, body, SIZE) > 0);
            sent++;
        }
        take(coy_pool_next(pool, 60000));
    }
}

static void run(coy_pool *pool, long execs, long window)
{
    if (window == 1) {
        one_at_a_time(pool, execs);
    } else {
        in_a_window(pool, execs, window);
    }
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: bench_ffi EXECS WINDOW WORKER\n");
        return 2;
    }
    long execs = strtol(argv[1], NULL, 10);
    long window = strtol(argv[2], NULL, 10);
    memset(body, 'x', SIZE);
    coy_pool *pool = coy_pool_new(argv[3]);
    must(pool != NULL && coy_pool_set(pool, "num_workers", "1") == COY_OK &&
         coy_pool_set(pool, "prefetch", argv[2]) == COY_OK &&
         coy_pool_start(pool, 60000) == COY_OK);
    run(pool, WARM_UP, window);
    double begin = now();
    run(pool, execs, window);
    printf("%.4f\n", (now() - begin) / (double)execs);
    coy_pool_free(pool);
    return 0;
}
