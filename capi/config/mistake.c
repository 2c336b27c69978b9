#include "mistake.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

/* More than a person mends in one go; the rest is counted. */
enum { MISTAKES_SHOWN = 100 };

struct mistake {
    unsigned order;
    size_t line;
    size_t column;
    size_t number; /* in the order of finding, for a stable sort */
    char *text;
};

static struct mistake *mistakes_slot(struct mistakes *mistakes)
{
    if (mistakes->count == mistakes->capacity) {
        size_t capacity = mistakes->capacity == 0 ? 16 : mistakes->capacity * 2;
        if (capacity > SIZE_MAX / sizeof *mistakes->items) {
            return NULL;
        }
        struct mistake *items = realloc(mistakes->items, capacity * sizeof *items);
        if (items == NULL) {
            return NULL;
        }
        mistakes->items = items;
        mistakes->capacity = capacity;
    }
    return &mistakes->items[mistakes->count];
}

void mistakes_add(struct mistakes *mistakes, const struct place *place, const char *path,
                  const char *format, ...)
{
    char *words = NULL;
    va_list arguments;
    va_start(arguments, format);
    int size = vasprintf(&words, format, arguments);
    va_end(arguments);
    struct mistake *mistake = size < 0 ? NULL : mistakes_slot(mistakes);
    char *text = NULL;
    if (mistake == NULL ||
        asprintf(&text, "%s%s%s%s%s", place == NULL ? "" : place->text, place == NULL ? "" : ": ",
                 path, *path == '\0' ? "" : ": ", words) < 0) {
        mistakes->out_of_memory = true;
    } else {
        *mistake = (struct mistake){.number = mistakes->count, .text = text};
        if (place != NULL) {
            mistake->order = place->order;
            mistake->line = place->line;
            mistake->column = place->column;
        }
        mistakes->count++;
    }
    if (size >= 0) {
        free(words);
    }
}

static int compare_sizes(size_t left, size_t right)
{
    return (left > right) - (left < right);
}

static int compare_mistakes(const void *left_item, const void *right_item)
{
    const struct mistake *left = left_item;
    const struct mistake *right = right_item;
    int order = compare_sizes(left->order, right->order);
    order = order != 0 ? order : compare_sizes(left->line, right->line);
    order = order != 0 ? order : compare_sizes(left->column, right->column);
    return order != 0 ? order : compare_sizes(left->number, right->number);
}

static int mistakes_join(struct mistakes *mistakes, struct error *error)
{
    struct buffer lines = {0};
    bool failed = mistakes->out_of_memory;
    for (size_t i = 0; i < mistakes->count && i < MISTAKES_SHOWN && !failed; i++) {
        failed = buffer_print(&lines, "%s%s", i == 0 ? "" : "\n", mistakes->items[i].text) != 0;
    }
    if (mistakes->count > MISTAKES_SHOWN && !failed) {
        failed = buffer_print(&lines, "\n... and %zu more", mistakes->count - MISTAKES_SHOWN) != 0;
    }
    struct bytes text = buffer_unread(&lines);
    int status =
        failed || text.size > INT32_MAX
            ? error_memory(error)
            : error_set(error, STATUS_ECONFIG, "%.*s", (int)text.size, (const char *)text.data);
    buffer_free(&lines);
    return status;
}

int mistakes_report(struct mistakes *mistakes, struct error *error)
{
    int status = STATUS_OK;
    if (mistakes->out_of_memory || mistakes->count > 0) {
        if (mistakes->count > 0) {
            qsort(mistakes->items, mistakes->count, sizeof *mistakes->items, compare_mistakes);
        }
        status = mistakes_join(mistakes, error);
    }
    for (size_t i = 0; i < mistakes->count; i++) {
        free(mistakes->items[i].text);
    }
    free(mistakes->items);
    *mistakes = (struct mistakes){0};
    return status;
}
