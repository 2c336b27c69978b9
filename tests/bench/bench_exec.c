/* Exec of a small payload in one PHP worker: one at a time, and several on their way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench_baseline.h"
#include "pool/pool_host.h"

enum { ROUNDS = 20000, RUNS = 7, SIZE = 100 };

static char body[SIZE];

static void must(int status, const struct error *error)
{
    if (status < 0) {
        fprintf(stderr, "bench_exec: %s\n", error_text(error));
        exit(1);
    }
}

static struct pool_host *start(size_t prefetch)
{
    static char *command[] = {PHP, PHP_WORKER, NULL};
    struct error error = {0};
    struct pool_settings settings = {
        .command = command,
        .environment = environ,
        .service = "bench",
        .num_workers = 1,
        .allocate_timeout = 60000,
        .destroy_timeout = 60000,
        .prefetch = prefetch,
        .max_payload_size = PAYLOAD_SIZE_DEFAULT,
    };
    struct pool_host *host = pool_host_new(&error);
    must(host == NULL ? error.status : pool_host_start(host, &settings, 60000, &error), &error);
    return host;
}

/* Microseconds an exec, `window` of them on their way. */
static double measure(size_t window)
{
    struct error error = {0};
    struct pool_host *host = start(window);
    struct payload payload = {bytes_of_text("{}"), {body, SIZE}};
    size_t sent = 0;
    int64_t begin = clock_now();
    for (size_t done = 0; done < ROUNDS; done++) {
        while (sent < ROUNDS && sent - done < window) {
            must((int)pool_host_submit(host, &payload, NULL, &error), &error);
            sent++;
        }
        struct taken_reply *reply;
        must(pool_host_next(host, 0, 60000, &reply, &error), &error);
        taken_reply_free(reply);
    }
    double took = (double)(clock_now() - begin) / 1000 / ROUNDS;
    pool_host_free(host);
    return took;
}

static int by_size(const void *left, const void *right)
{
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

static double median(double *values)
{
    qsort(values, RUNS, sizeof *values, by_size);
    return values[RUNS / 2];
}

int main(void)
{
    static const size_t windows[] = {1, 4, 16};
    double baseline[RUNS];
    double took[3][RUNS];
    memset(body, 'x', SIZE);
    for (int run = 0; run < RUNS; run++) {
        baseline[run] = baseline_measure(SIZE, ROUNDS);
        for (int i = 0; i < 3; i++) {
            took[i][run] = measure(windows[i]);
        }
    }
    double unit = median(baseline);
    printf("median of %d runs of %d, %d bytes, one worker\n", RUNS, ROUNDS, SIZE);
    printf("  %-44s %8.2f us   1.00\n", "cat over two pipes, a plain read and write", unit);
    for (int i = 0; i < 3; i++) {
        double value = median(took[i]);
        printf("  PHP worker over pipes, %2zu on their way         %8.2f us   %.2f\n", windows[i],
               value, value / unit);
    }
    return 0;
}
