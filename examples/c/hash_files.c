/* hash_files [-n WORKERS] [-a ALGORITHM] [FILE...]: as sha256sum, in parallel, by PHP workers. Without a
 * FILE the names are read from the standard input, one a line. */
#include <coyote/bindings.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef WORKER
#define WORKER "php worker.php"
#endif

/* More names than these are not read ahead of the workers. */
enum { AHEAD = 256 };

struct run {
    coy_pool *pool;
    const char *algorithm;
    char **
        names; /* the rest of the arguments, NULL at their end; or no arguments at all: standard input */
    bool from_input;
    char *jobs[AHEAD]; /* the name of each job on its way, by the job's number */
    size_t on_their_way;
    bool failed;
};

static void fail(const char *what)
{
    fprintf(stderr, "hash_files: %s: %s\n", what, coy_error_message());
    exit(EXIT_FAILURE);
}

/* The next name, to be freed; NULL: there is none. */
static char *next_name(struct run *run)
{
    if (!run->from_input) {
        return *run->names == NULL ? NULL : strdup(*run->names++);
    }
    char *line = NULL;
    size_t room = 0;
    ssize_t size = getline(&line, &room, stdin);
    if (size < 0) {
        free(line);
        return NULL;
    }
    if (size > 0 && line[size - 1] == '\n') {
        line[size - 1] = '\0';
    }
    return line;
}

static bool submit_next(struct run *run)
{
    char *name = next_name(run);
    if (name == NULL) {
        return false;
    }
    int64_t job =
        coy_pool_submit(run->pool, run->algorithm, strlen(run->algorithm), name, strlen(name));
    if (job < 0) {
        fail(name);
    }
    run->jobs[job % AHEAD] = name;
    run->on_their_way++;
    return true;
}

/* Prints what has become of a job: the oldest that is on its way, so that the output has the input's order. */
static void print(struct run *run, int64_t job)
{
    coy_reply *reply;
    do {
        reply = coy_pool_wait(run->pool, job, -1);
    } while (reply == NULL && coy_error_status() == COY_EINTERRUPTED);
    if (reply == NULL) {
        fail("waiting for a worker");
    }
    char *name = run->jobs[job % AHEAD];
    if (coy_reply_outcome(reply) == COY_OUTCOME_OK) {
        printf("%.*s  %s\n", (int)coy_reply_body_size(reply), (const char *)coy_reply_body(reply),
               name);
    } else {
        fprintf(stderr, "hash_files: %s: %.*s\n", name, (int)coy_reply_message_size(reply),
                (const char *)coy_reply_message(reply));
        run->failed = true;
    }
    free(name);
    coy_reply_free(reply);
    run->on_their_way--;
}

static void start(struct run *run, const char *workers)
{
    run->pool = coy_pool_new(WORKER);
    if (run->pool == NULL || coy_pool_set(run->pool, "prefetch", "4") < 0 ||
        (workers != NULL && coy_pool_set(run->pool, "num_workers", workers) < 0) ||
        coy_pool_start(run->pool, -1) < 0) {
        fail("starting the workers");
    }
}

int main(int argc, char **argv)
{
    struct run run = {.algorithm = "sha256"};
    const char *workers = NULL;
    for (int option; (option = getopt(argc, argv, "n:a:")) != -1;) {
        if (option == 'n') {
            workers = optarg;
        } else if (option == 'a') {
            run.algorithm = optarg;
        } else {
            fprintf(stderr, "usage: hash_files [-n WORKERS] [-a ALGORITHM] [FILE...]\n");
            return 2;
        }
    }
    run.names = argv + optind;
    run.from_input = *run.names == NULL;
    start(&run, workers);

    int64_t oldest = 1; /* jobs are numbered from 1 on */
    for (bool more = true; more || run.on_their_way > 0;) {
        while (more && run.on_their_way < AHEAD) {
            more = submit_next(&run);
        }
        if (run.on_their_way > 0) {
            print(&run, oldest++);
        }
    }
    coy_pool_free(run.pool);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "hash_files: writing: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    return run.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
