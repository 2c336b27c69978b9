/* What a queued job takes of memory, by what malloc and the kernel say. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bindings.h>

#include "bench_pool.h"

enum { MILLION = 1000 * 1000 };

static const struct load {
    const char *title;
    bool by_library; /* through coy_pool_submit instead of pool_host_submit */
    size_t jobs;
    size_t size;
    size_t keys;
} loads[] = {
    {"1,000,000 of 100 bytes", false, MILLION, 100, 0},
    {"1,000,000 of 100 bytes, by coy_pool_submit", true, MILLION, 100, 0},
    {"1,000,000 of 1,000 bytes", false, MILLION, 1000, 0},
    {"100,000 of 10,000 bytes", false, MILLION / 10, 10000, 0},
    {"100,000 of 10,000 by coy_pool_submit", true, MILLION / 10, 10000, 0},
    {"1,000,000 of 100 bytes, 10 keys of 16", false, MILLION, 100, 10},
    {"1,000,000 of 100 bytes, each its own key", false, MILLION, 100, MILLION},
};

/* malloc's administration is part of it: so are mappings of its own for large blocks. */
static size_t in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static size_t resident(void)
{
    unsigned long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (statm == NULL || fscanf(statm, "%*u %lu", &pages) != 1) {
        perror("/proc/self/statm");
        exit(1);
    }
    fclose(statm);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void print(const struct load *load, size_t used, size_t pages)
{
    double jobs = (double)load->jobs;
    printf("  %-42s %12.1f %12.1f\n", load->title, (double)used / jobs - (double)load->size,
           (double)pages / jobs - (double)load->size);
}

/* Nobody steps the pool's loop: what is submitted stays where it is. */
static void by_host(const struct load *load)
{
    const struct bench_pool wanted = {.workers = 1, .prefetch = 1};
    struct pool_host *host = bench_pool_start(&wanted);
    size_t used = in_use();
    size_t pages = resident();
    for (size_t i = 0; i < load->jobs; i++) {
        bench_pool_submit(host, load->size, load->keys, i);
    }
    print(load, in_use() - used, resident() - pages);
    pool_host_free(host);
}

static void by_library(const struct load *load)
{
    coy_pool *pool = coy_pool_new(BENCH_WORKER);
    char *body = calloc(1, load->size);
    if (body == NULL || coy_pool_set(pool, "num_workers", "1") != COY_OK ||
        coy_pool_start(pool, 60000) != COY_OK) {
        fprintf(stderr, "bench: %s\n", coy_error_message());
        exit(1);
    }
    size_t used = in_use();
    size_t pages = resident();
    for (size_t i = 0; i < load->jobs; i++) {
        if (coy_pool_submit(pool, NULL, 0, body, load->size) < 0) {
            fprintf(stderr, "bench: %s\n", coy_error_message());
            exit(1);
        }
    }
    print(load, in_use() - used, resident() - pages);
    coy_pool_free(pool);
    free(body);
}

int main(void)
{
    printf("bytes that a queued job takes beyond its payload; without a key at most 128\n");
    printf("  %-42s %12s %12s\n", "", "of malloc", "resident");
    fflush(stdout);
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
        pid_t pid = fork(); /* each in a process of its own, with a heap of its own */
        if (pid == 0) {
            (loads[i].by_library ? by_library : by_host)(&loads[i]);
            fflush(stdout);
            _exit(0);
        }
        int status = 0;
        if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
            return 1;
        }
    }
    return 0;
}
