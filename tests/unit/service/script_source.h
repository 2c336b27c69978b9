/* A kind of source that gives what a test puts in and writes down what is settled. */
#ifndef COYOTE_TESTS_UNIT_SERVICE_SCRIPT_SOURCE_H
#define COYOTE_TESTS_UNIT_SERVICE_SCRIPT_SOURCE_H

#include "source/source.h"

enum { SCRIPT_EVENTS = 64 };

/* One source at a time: everything about it lies here. */
struct script {
    char section[1024]; /* what it was opened with */
    size_t opened, started, halted, closed;
    const struct source_host *host; /* that it was opened with */
    size_t ready;                   /* how many events may be taken up to now, in all */
    size_t taken;
    bool ended; /* nothing comes after `ready` */
    int fd;     /* -1: none */
    int64_t deadline;
    size_t asked; /* calls of next */
    bool open_fails, start_fails, next_fails, settle_fails;
    char settled[2048]; /* "3 ok, 4 error boom" */
    size_t num_settled;
};

extern struct script script;
extern const struct source_kind script_source;

/* As it is before a test. */
void script_reset(void);

#endif
