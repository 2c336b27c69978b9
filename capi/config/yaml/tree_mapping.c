/* The entries of a mapping: dotted keys, "<<", and keys that are given twice. */
#include <stdlib.h>
#include <string.h>

#include "builder.h"

enum { KEY_LIMIT = 1024 };

static void refuse_twice(struct builder *builder, const struct node *key,
                         const struct position *first)
{
    struct place place;
    if (place_init(&place, builder->origin, key->line, key->column) != STATUS_OK) {
        builder_memory(builder);
        return;
    }
    mistakes_add(builder->mistakes, &place, key_path_text(&builder->path),
                 "given twice, the first time at %s; keep one of them", first->key.text);
    builder->mistakes->doubles++;
    free(place.text);
}

/* Whether a value may come where one is: it came by "<<", or both are mappings that together are
   one, because a key with dots is the same as nesting. */
static bool may_join(struct builder *builder, const json_t *existing, const struct node *key,
                     const struct node *value, const struct node *mapping)
{
    const struct position *first =
        positions_find(&builder->config->positions, key_path_text(&builder->path));
    if (existing == NULL || first == NULL || (first->merged && builder->merging == 0)) {
        return true;
    }
    bool spelled_alike = mapping != NULL && first->mapping == mapping;
    if (json_is_object(existing) && value->kind == NODE_MAPPING && !spelled_alike) {
        return true;
    }
    refuse_twice(builder, key, first);
    return false;
}

/* Puts a value under the last part of its key. */
static void put(struct builder *builder, json_t *parent, const char *part, const struct node *key,
                const struct node *value, const struct node *mapping)
{
    json_t *existing = json_object_get(parent, part);
    if (!may_join(builder, existing, key, value, mapping)) {
        return;
    }
    struct position *known =
        positions_find(&builder->config->positions, key_path_text(&builder->path));
    if (json_is_object(existing) && value->kind == NODE_MAPPING && value->tag == NULL) {
        if (known != NULL) {
            known->mapping = mapping;
        }
        builder_fill(builder, existing, value, NULL);
        return;
    }
    builder_record(builder, key, value, mapping);
    json_t *built = builder_value(builder, value);
    if (built != NULL && json_object_set_new_nocheck(parent, part, built) != 0) {
        builder_memory(builder);
    }
}

/* The mapping under a part of a dotted key that others follow; NULL: a value is there instead. */
static json_t *descend(struct builder *builder, json_t *parent, const char *part,
                       const struct node *key)
{
    json_t *child = json_object_get(parent, part);
    if (json_is_object(child)) {
        return child;
    }
    const struct position *first =
        positions_find(&builder->config->positions, key_path_text(&builder->path));
    if (child != NULL && first != NULL && !(first->merged && builder->merging == 0)) {
        refuse_twice(builder, key, first);
        return NULL;
    }
    builder_record(builder, key, NULL, NULL);
    child = json_object();
    if (child == NULL || json_object_set_new_nocheck(parent, part, child) != 0) {
        builder_memory(builder);
        return NULL;
    }
    return child;
}

/* "workers.pool.num_workers" goes three levels down. `parts` is cut at its dots. */
static void put_parts(struct builder *builder, json_t *object, char *parts, const struct node *key,
                      const struct node *value, const struct node *mapping)
{
    size_t depth = builder->depth;
    size_t size = builder->path.size;
    char *part = parts;
    while (object != NULL && !builder->stopped) {
        char *dot = strchr(part, '.');
        if (dot != NULL) {
            *dot = '\0';
        }
        if (key_path_push_text(&builder->path, part) != STATUS_OK) {
            builder_memory(builder);
        } else if (dot != NULL && builder->depth++ == DEPTH_LIMIT) {
            builder_refuse(builder, key, BUILDER_TOO_DEEP);
            break;
        } else if (builder_spend(builder, key, strlen(part))) {
            if (dot == NULL) {
                put(builder, object, part, key, value, mapping);
                break;
            }
            object = descend(builder, object, part, key);
            part = dot + 1;
        }
    }
    builder->depth = depth;
    key_path_cut(&builder->path, size);
}

static const char *key_problem(const struct node *key)
{
    if (key->kind != NODE_SCALAR) {
        return "a list or a mapping can't be a key; write the key as text";
    }
    if (key->tag != NULL) {
        return "this tag (a word that starts with !) has no meaning here; remove it";
    }
    if (key->size == 0) {
        return "a key is empty; write a name before the \":\"";
    }
    if (key->size > KEY_LIMIT) {
        return "a key is longer than 1024 bytes; is a \":\" or a quote missing before it?";
    }
    if (memchr(key->text, '\0', key->size) != NULL) {
        return "a NUL character can't stand in a key; remove the escape \"\\0\"";
    }
    if (*key->text == '.' || key->text[key->size - 1] == '.' || strstr(key->text, "..") != NULL) {
        return "a part of this key is empty; a dot stands between two names, as in "
               "\"workers.command\"";
    }
    return NULL;
}

void builder_put(struct builder *builder, json_t *object, const struct node *key,
                 const struct node *value, const struct node *mapping, json_t *taken)
{
    const char *problem = key_problem(key);
    if (problem != NULL) {
        builder_refuse(builder, key, problem);
        return;
    }
    char *parts = strdup(key->text);
    if (parts == NULL) {
        builder_memory(builder);
        return;
    }
    if (json_object_getn(taken, parts, strcspn(parts, ".")) == NULL) {
        put_parts(builder, object, parts, key, value, mapping);
    }
    free(parts);
}

static bool is_merge(const struct node *key)
{
    return key->kind == NODE_SCALAR && key->plain && strcmp(key->text, "<<") == 0;
}

/* Of one mapping after "<<" only the keys that are not there yet. */
static void merge_one(struct builder *builder, json_t *object, const struct node *source)
{
    if (source->kind != NODE_MAPPING || source->tag != NULL) {
        builder_refuse(
            builder, source,
            "\"<<\" takes a mapping, or a list of mappings, such as the alias *defaults");
        return;
    }
    if (!builder_spend(builder, source, json_object_size(object) * BUILDER_VALUE_BYTES)) {
        return;
    }
    /* the keys stay when the values of this copy do not change */
    json_t *taken = json_copy(object);
    if (taken == NULL) {
        builder_memory(builder);
        return;
    }
    builder->merging++;
    builder_fill(builder, object, source, taken);
    builder->merging--;
    json_decref(taken);
}

static void merge(struct builder *builder, json_t *object, const struct node *value)
{
    if (value->kind != NODE_LIST) {
        merge_one(builder, object, value);
        return;
    }
    for (size_t i = 0; i < value->count && !builder->stopped; i++) {
        merge_one(builder, object, value->items[i]);
    }
}

void builder_fill(struct builder *builder, json_t *object, const struct node *mapping,
                  json_t *taken)
{
    if (builder->depth == DEPTH_LIMIT) {
        builder_refuse(builder, mapping, BUILDER_TOO_DEEP);
        return;
    }
    builder->depth++;
    bool merges = false;
    for (size_t i = 0; i + 1 < mapping->count && !builder->stopped; i += 2) {
        if (!builder_spend(builder, mapping->items[i], 0)) {
            break;
        }
        if (is_merge(mapping->items[i])) {
            merges = true;
        } else {
            builder_put(builder, object, mapping->items[i], mapping->items[i + 1], mapping, taken);
        }
    }
    for (size_t i = 0; merges && i + 1 < mapping->count && !builder->stopped; i += 2) {
        if (is_merge(mapping->items[i])) {
            merge(builder, object, mapping->items[i + 1]);
        }
    }
    builder->depth--;
}
