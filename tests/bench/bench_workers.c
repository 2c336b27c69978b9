/* Many PHP workers on few processors: how long a pool of them takes to start, to be used, to be
   reset and to stop. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor_limit.h"
#include "bench_pool.h"

enum { EXECS = 10000, SIZE = 100, LONG = 600 * 1000 };

static int64_t before;

static void lap(const char *what)
{
    int64_t now = clock_now();
    printf("  %-44s %8.2f s\n", what, (double)(now - before) / (double)CLOCK_SECOND);
    fflush(stdout);
    before = clock_now();
}

/* Whether the pool has said that every worker is a fresh one. */
static bool is_reset(struct pool_host *host)
{
    const struct log_line *line;
    bool said = false;
    while ((line = pool_host_log_next(host)) != NULL) {
        said |= strstr(line->text.data, "reset is done") != NULL;
        if (line->level >= LOG_LEVEL_WARNING) {
            fprintf(stderr, "bench: %s\n", (const char *)line->text.data);
        }
    }
    return said;
}

static int descriptors(void)
{
    int count = 0;
    for (int fd = 0; fd < (int)sysconf(_SC_OPEN_MAX); fd++) {
        count += dup2(fd, fd) == fd ? 1 : 0;
    }
    return count;
}

int main(int argc, char **argv)
{
    struct error error = {0};
    descriptor_limit_raise();
    struct bench_pool wanted = {
        .php = true, .workers = argc > 1 ? strtoul(argv[1], NULL, 10) : 500, .prefetch = 1};
    printf("%zu PHP workers on %ld processors\n", wanted.workers, sysconf(_SC_NPROCESSORS_ONLN));
    before = clock_now();
    struct pool_host *host = bench_pool_start(&wanted);
    lap("start, until all have booted");
    printf("  %-44s %8d\n", "descriptors of the host", descriptors());
    before = clock_now();
    for (size_t i = 0; i < EXECS + wanted.workers; i++) {
        if (i < EXECS) {
            bench_pool_submit(host, SIZE, 0, i);
        }
        if (i >= wanted.workers) {
            bench_pool_take(host);
        }
    }
    lap("10,000 execs, one at each worker");
    is_reset(host);
    bench_must(pool_host_reset(host, &error), &error);
    while (!is_reset(host)) {
        bench_pool_submit(host, SIZE, 0, 0);
        bench_pool_take(host);
    }
    lap("reset, with execs all the while");
    bench_must(pool_host_stop(host, LONG, &error), &error);
    lap("stop, until all have ended");
    pool_host_free(host);
    return 0;
}
