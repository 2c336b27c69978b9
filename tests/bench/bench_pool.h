/* A started pool for a measurement. All of it exits with a word where something fails. */
#ifndef COYOTE_TESTS_BENCH_BENCH_POOL_H
#define COYOTE_TESTS_BENCH_BENCH_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "pool/pool_host.h"

enum { BENCH_KEY = 16 }; /* bytes of a key */

struct bench_pool {
    bool php;       /* PHP instead of bench_worker.c */
    bool by_socket; /* unix instead of pipes */
    bool limited;   /* with an exec_ttl */
    size_t workers;
    size_t prefetch;
};

void bench_must(int status, const struct error *error);

struct pool_host *bench_pool_start(const struct bench_pool *wanted);

/* Sends one of `size` bytes; with `keys`, its key is one of so many, by its number. */
void bench_pool_submit(struct pool_host *host, size_t size, size_t keys, size_t number);

/* Takes the oldest outcome, which must be good. */
void bench_pool_take(struct pool_host *host);

#endif
