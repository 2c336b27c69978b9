#include "bench_baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

static void must(int good, const char *what)
{
    if (!good) {
        perror(what);
        exit(1);
    }
}

double baseline_measure(size_t size, int rounds)
{
    int to[2];
    int from[2];
    char bytes[4096] = {0};
    must(pipe(to) == 0 && pipe(from) == 0, "pipe");
    pid_t pid = fork();
    must(pid >= 0, "fork");
    if (pid == 0) {
        dup2(to[0], 0);
        dup2(from[1], 1);
        close(to[1]);
        close(from[0]);
        execlp("cat", "cat", "-u", (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    int64_t start = clock_now();
    for (int i = 0; i < rounds; i++) {
        must(write(to[1], bytes, size) == (ssize_t)size, "write");
        for (size_t got = 0; got < size;) {
            ssize_t now = read(from[0], bytes, size - got);
            must(now > 0, "read");
            got += (size_t)now;
        }
    }
    int64_t took = clock_now() - start;
    close(to[1]);
    close(from[0]);
    waitpid(pid, NULL, 0);
    return (double)took / 1000 / rounds;
}
