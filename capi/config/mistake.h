/* What is wrong in a configuration: gathered, so that a person mends all of it in one go. */
#ifndef COYOTE_CONFIG_MISTAKE_H
#define COYOTE_CONFIG_MISTAKE_H

#include "base/error.h"
#include "position.h"

struct mistake;

/* Start with `struct mistakes mistakes = {0}`; ends with mistakes_report. */
struct mistakes {
    struct mistake *items;
    size_t count;
    size_t capacity;
    size_t doubles;     /* of `count`: keys given twice, whose first value is as good as any */
    bool out_of_memory; /* stays; the report is STATUS_EMEMORY then */
};

/* A line "PLACE: PATH: text". The place may be NULL and the path empty: they are left out. */
__attribute__((format(printf, 4, 5))) void mistakes_add(struct mistakes *mistakes,
                                                        const struct place *place, const char *path,
                                                        const char *format, ...);

/* All lines in the order of their places in one error: STATUS_ECONFIG; 0 when there are none.
   Frees the mistakes. */
int mistakes_report(struct mistakes *mistakes, struct error *error);

#endif
