/* Where each value of a tree was written, by key path. */
#ifndef COYOTE_CONFIG_POSITION_H
#define COYOTE_CONFIG_POSITION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Something that is read: a file, or one option of the command line. */
struct origin {
    unsigned order;   /* 1 for what is read first; 0 is kept for defaults */
    const char *name; /* of the file, or "option -o KEY" */
    bool option;      /* one value, without lines: the name says all */
};

struct place {
    unsigned order; /* the origin's */
    size_t line;    /* from 1 */
    size_t column;  /* from 1, in characters */
    char *text;     /* owned: "file:line:column", the option's name, or "default" */
};

struct position {
    struct place key;
    struct place value;
    const void *mapping; /* which mapping spelled this very key out; see tree_builder.c */
    bool merged;         /* came by "<<": an explicit key may replace it */
    bool implied;   /* a mapping that only a dotted key spelled: "workers" of workers.command */
    bool converted; /* a duration or a size that is in milliseconds or bytes by now */
};

/* Start with `struct positions positions = {0}` and positions_init. */
struct positions {
    json_t *index; /* path -> number in items */
    struct position *items;
    size_t count;
    size_t capacity;
};

/* "file:3:5"; the caller frees it; NULL when memory ran out. */
char *origin_words(const struct origin *origin, size_t line, size_t column);

/* STATUS_EMEMORY, or 0: then the place owns its text. */
int place_init(struct place *place, const struct origin *origin, size_t line, size_t column);

int positions_init(struct positions *positions);
void positions_free(struct positions *positions);

/* NULL when nothing is known of the path; valid until the next call that changes positions. */
struct position *positions_find(const struct positions *positions, const char *path);

/* Takes the position over, also on failure; replaces what was there. */
int positions_record(struct positions *positions, const char *path, struct position *position);

void positions_forget(struct positions *positions, const char *path);

/* Moves what is known of `value` and all that it holds from one path to another. */
int positions_rename(struct positions *positions, const char *from, const char *to, json_t *value);

/* Copies what is known of a value and all that it holds, from one path to another; "" is the whole
   tree. 0 or STATUS_EMEMORY. */
int positions_copy(struct positions *to, const char *to_path, const struct positions *from,
                   const char *from_path);

/* Moves all; `from` is left without any. A mapping that is only implied stays where it was. */
int positions_take(struct positions *to, struct positions *from);

#endif
