/* What the machine itself allows: a byte to `cat` and back over two pipes. */
#ifndef COYOTE_TESTS_BENCH_BENCH_BASELINE_H
#define COYOTE_TESTS_BENCH_BENCH_BASELINE_H

#include <stddef.h>

/* Microseconds a round trip of `size` bytes, up to 4096, over `rounds` of them. Exits on failure. */
double baseline_measure(size_t size, int rounds);

#endif
