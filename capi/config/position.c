#include "position.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "key_path.h"

char *origin_words(const struct origin *origin, size_t line, size_t column)
{
    char *text = NULL;
    int size = origin->option ? asprintf(&text, "%s", origin->name)
                              : asprintf(&text, "%s:%zu:%zu", origin->name, line, column);
    return size < 0 ? NULL : text;
}

int place_init(struct place *place, const struct origin *origin, size_t line, size_t column)
{
    *place = (struct place){.order = origin->order, .line = line, .column = column};
    place->text = origin_words(origin, line, column);
    return place->text == NULL ? STATUS_EMEMORY : STATUS_OK;
}

static void position_clear(struct position *position)
{
    free(position->key.text);
    free(position->value.text);
    *position = (struct position){0};
}

int positions_init(struct positions *positions)
{
    positions->index = json_object();
    return positions->index == NULL ? STATUS_EMEMORY : STATUS_OK;
}

void positions_free(struct positions *positions)
{
    for (size_t i = 0; i < positions->count; i++) {
        position_clear(&positions->items[i]);
    }
    free(positions->items);
    json_decref(positions->index);
    *positions = (struct positions){0};
}

struct position *positions_find(const struct positions *positions, const char *path)
{
    const json_t *number = json_object_get(positions->index, path);
    if (number == NULL || positions->items == NULL) {
        return NULL;
    }
    return &positions->items[json_integer_value(number)];
}

static int positions_grow(struct positions *positions)
{
    if (positions->count < positions->capacity) {
        return STATUS_OK;
    }
    size_t capacity = positions->capacity == 0 ? 32 : positions->capacity * 2;
    if (capacity > SIZE_MAX / sizeof *positions->items) {
        return STATUS_EMEMORY;
    }
    struct position *items = realloc(positions->items, capacity * sizeof *items);
    if (items == NULL) {
        return STATUS_EMEMORY;
    }
    positions->items = items;
    positions->capacity = capacity;
    return STATUS_OK;
}

int positions_record(struct positions *positions, const char *path, struct position *position)
{
    struct position *known = positions_find(positions, path);
    if (known != NULL) {
        position_clear(known);
        *known = *position;
        *position = (struct position){0};
        return STATUS_OK;
    }
    if (positions_grow(positions) != STATUS_OK ||
        json_object_set_new_nocheck(positions->index, path,
                                    json_integer((json_int_t)positions->count)) != 0) {
        position_clear(position);
        return STATUS_EMEMORY;
    }
    positions->items[positions->count++] = *position;
    *position = (struct position){0};
    return STATUS_OK;
}

void positions_forget(struct positions *positions, const char *path)
{
    struct position *known = positions_find(positions, path);
    if (known != NULL) {
        position_clear(known);
        json_object_del(positions->index, path);
    }
}

static int rename_one(struct positions *positions, const char *from, const char *to)
{
    struct position *known = positions_find(positions, from);
    if (known == NULL) {
        positions_forget(positions, to);
        return STATUS_OK;
    }
    struct position moved = *known;
    *known = (struct position){0};
    json_object_del(positions->index, from);
    return positions_record(positions, to, &moved);
}

static int rename_tree(struct positions *positions, struct key_path *from, struct key_path *to,
                       json_t *value)
{
    int status = rename_one(positions, key_path_text(from), key_path_text(to));
    size_t from_size = from->size;
    size_t to_size = to->size;
    const char *key;
    json_t *child;
    size_t index;
    if (json_is_object(value)) {
        json_object_foreach(value, key, child)
        {
            if (status != STATUS_OK || key_path_push_text(from, key) != STATUS_OK ||
                key_path_push_text(to, key) != STATUS_OK) {
                return STATUS_EMEMORY;
            }
            status = rename_tree(positions, from, to, child);
            key_path_cut(from, from_size);
            key_path_cut(to, to_size);
        }
    }
    json_array_foreach(value, index, child)
    {
        if (status != STATUS_OK || key_path_push_index(from, index) != STATUS_OK ||
            key_path_push_index(to, index) != STATUS_OK) {
            return STATUS_EMEMORY;
        }
        status = rename_tree(positions, from, to, child);
        key_path_cut(from, from_size);
        key_path_cut(to, to_size);
    }
    return status;
}

int positions_rename(struct positions *positions, const char *from, const char *to, json_t *value)
{
    struct key_path old = {0};
    struct key_path new = {0};
    int status = STATUS_EMEMORY;
    if (key_path_push_text(&old, from) == STATUS_OK && key_path_push_text(&new, to) == STATUS_OK) {
        status = rename_tree(positions, &old, &new, value);
    }
    key_path_free(&old);
    key_path_free(&new);
    return status;
}

/* What follows a path in one that it holds, with its dot or bracket; NULL: it does not hold it. */
static const char *rest_of(const char *path, const char *within)
{
    size_t size = strlen(within);
    bool held = size == 0 || (strncmp(path, within, size) == 0 &&
                              (path[size] == '\0' || path[size] == '.' || path[size] == '['));
    return held ? path + size : NULL;
}

static int place_copy(struct place *copy, const struct place *place)
{
    *copy = *place;
    copy->text = place->text == NULL ? NULL : strdup(place->text);
    return place->text == NULL || copy->text != NULL ? STATUS_OK : STATUS_EMEMORY;
}

static int record_copy(struct positions *positions, const char *path,
                       const struct position *position)
{
    struct position copy = *position;
    int status = place_copy(&copy.key, &position->key);
    int other = place_copy(&copy.value, &position->value);
    if (status != STATUS_OK || other != STATUS_OK) {
        position_clear(&copy);
        return STATUS_EMEMORY;
    }
    return positions_record(positions, path, &copy);
}

int positions_copy(struct positions *to, const char *to_path, const struct positions *from,
                   const char *from_path)
{
    int status = STATUS_OK;
    const char *path;
    json_t *number;
    json_object_foreach(from->index, path, number)
    {
        const char *rest = rest_of(path, from_path);
        char *new_path = NULL;
        if (rest == NULL || status != STATUS_OK) {
            continue;
        }
        status = asprintf(&new_path, "%s%s", to_path, rest) < 0
                     ? STATUS_EMEMORY
                     : record_copy(to, new_path, &from->items[json_integer_value(number)]);
        free(new_path);
    }
    return status;
}

int positions_take(struct positions *to, struct positions *from)
{
    const char *path;
    json_t *number;
    json_object_foreach(from->index, path, number)
    {
        struct position *position = &from->items[json_integer_value(number)];
        if (position->implied && positions_find(to, path) != NULL) {
            continue;
        }
        if (positions_record(to, path, position) != STATUS_OK) {
            return STATUS_EMEMORY;
        }
    }
    return STATUS_OK;
}
