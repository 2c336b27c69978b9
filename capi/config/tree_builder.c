#include "tree_builder.h"

#include <stdlib.h>
#include <string.h>

#include "key_path.h"
#include "quote.h"
#include "scalar.h"

/* Aliases can make a small text a huge tree: what each value takes is counted against this. */
enum { TREE_BYTES = 32 << 20, VALUE_BYTES = 64, KEY_LIMIT = 1024 };

#define TOO_DEEP "nested deeper than 64 levels; make it flatter"

struct builder {
    struct config *config;
    const struct origin *origin;
    struct mistakes *mistakes;
    struct key_path path;
    size_t spent;
    size_t depth;
    size_t merging; /* how many "<<" are around */
    bool stopped;
};

static void builder_memory(struct builder *builder)
{
    builder->mistakes->out_of_memory = true;
    builder->stopped = true;
}

static void refuse(struct builder *builder, const struct node *node, const char *words)
{
    struct place place;
    if (place_init(&place, builder->origin, node->line, node->column) != STATUS_OK) {
        builder_memory(builder);
        return;
    }
    mistakes_add(builder->mistakes, &place, key_path_text(&builder->path), "%s", words);
    free(place.text);
}

/* false: no more may be built. */
static bool spend(struct builder *builder, const struct node *node, size_t size)
{
    builder->spent += VALUE_BYTES + builder->path.size + size;
    if (!builder->stopped && builder->spent > TREE_BYTES) {
        refuse(builder, node,
               "more values than a config may hold; an alias counts each time that it is used");
        builder->stopped = true;
    }
    return !builder->stopped;
}

/* A NULL key: the value has none of its own. */
static void record(struct builder *builder, const struct node *key, const struct node *value,
                   const struct node *mapping)
{
    struct position position = {
        .mapping = mapping, .merged = builder->merging > 0, .implied = key == value};
    const struct node *named = key == NULL ? value : key;
    if (place_init(&position.key, builder->origin, named->line, named->column) != STATUS_OK ||
        place_init(&position.value, builder->origin, value->line, value->column) != STATUS_OK) {
        free(position.key.text);
        builder_memory(builder);
    } else if (positions_record(&builder->config->positions, key_path_text(&builder->path),
                                &position) != STATUS_OK) {
        builder_memory(builder);
    }
}

static void fill(struct builder *builder, json_t *object, const struct node *mapping,
                 json_t *taken);

static json_t *build_list(struct builder *builder, const struct node *node);

/* A new value, or NULL when the builder stopped. */
static json_t *build(struct builder *builder, const struct node *node)
{
    json_t *value = NULL;
    const char *problem = NULL;
    if (!spend(builder, node, node->size)) {
        return NULL;
    }
    if (node->tag != NULL) {
        refuse(builder, node,
               "this tag (a word that starts with !) has no meaning here; remove "
               "it, or put text that starts with ! in quotes");
        return json_null();
    }
    switch (node->kind) {
    case NODE_MAPPING:
        value = json_object();
        if (value != NULL) {
            fill(builder, value, node, NULL);
        }
        break;
    case NODE_LIST:
        value = build_list(builder, node);
        break;
    case NODE_SCALAR:
        value = scalar_resolve(node, &problem);
        break;
    }
    if (problem != NULL) {
        refuse(builder, node, problem);
        return json_null();
    }
    if (value == NULL && !builder->stopped) {
        builder_memory(builder);
    }
    return value;
}

static json_t *build_list(struct builder *builder, const struct node *node)
{
    json_t *list = json_array();
    size_t size = builder->path.size;
    if (builder->depth == DEPTH_LIMIT) {
        refuse(builder, node, TOO_DEEP);
        return list;
    }
    builder->depth++;
    for (size_t i = 0; list != NULL && i < node->count && !builder->stopped; i++) {
        if (key_path_push_index(&builder->path, i) != STATUS_OK) {
            builder_memory(builder);
            break;
        }
        record(builder, NULL, node->items[i], NULL);
        json_t *item = build(builder, node->items[i]);
        if (item != NULL && json_array_append_new(list, item) != 0) {
            builder_memory(builder);
        }
        key_path_cut(&builder->path, size);
    }
    builder->depth--;
    return list;
}

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
        fill(builder, existing, value, NULL);
        return;
    }
    record(builder, key, value, mapping);
    json_t *built = build(builder, value);
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
    record(builder, key, key, NULL);
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
            refuse(builder, key, TOO_DEEP);
            break;
        } else if (spend(builder, key, strlen(part))) {
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

static void put_entry(struct builder *builder, json_t *object, const struct node *key,
                      const struct node *value, const struct node *mapping, json_t *taken)
{
    const char *problem = key_problem(key);
    if (problem != NULL) {
        refuse(builder, key, problem);
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
        refuse(builder, source,
               "\"<<\" takes a mapping, or a list of mappings, such as the alias *defaults");
        return;
    }
    if (!spend(builder, source, json_object_size(object) * VALUE_BYTES)) {
        return;
    }
    /* the keys stay when the values of this copy do not change */
    json_t *taken = json_copy(object);
    if (taken == NULL) {
        builder_memory(builder);
        return;
    }
    builder->merging++;
    fill(builder, object, source, taken);
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

/* Puts a mapping's entries in, but none whose first part is taken; NULL: all. */
static void fill(struct builder *builder, json_t *object, const struct node *mapping, json_t *taken)
{
    if (builder->depth == DEPTH_LIMIT) {
        refuse(builder, mapping, TOO_DEEP);
        return;
    }
    builder->depth++;
    bool merges = false;
    for (size_t i = 0; i + 1 < mapping->count && !builder->stopped; i += 2) {
        if (!spend(builder, mapping->items[i], 0)) {
            break;
        }
        if (is_merge(mapping->items[i])) {
            merges = true;
        } else {
            put_entry(builder, object, mapping->items[i], mapping->items[i + 1], mapping, taken);
        }
    }
    for (size_t i = 0; merges && i + 1 < mapping->count && !builder->stopped; i += 2) {
        if (is_merge(mapping->items[i])) {
            merge(builder, object, mapping->items[i + 1]);
        }
    }
    builder->depth--;
}

static bool is_nothing(const struct node *root)
{
    const char *problem;
    json_t *value =
        root->kind == NODE_SCALAR && root->tag == NULL ? scalar_resolve(root, &problem) : NULL;
    bool nothing = json_is_null(value);
    json_decref(value);
    return nothing;
}

static void build_root(struct builder *builder, const struct node *root)
{
    record(builder, NULL, root, root);
    if (is_nothing(root)) {
        return;
    }
    if (root->kind == NODE_MAPPING && root->tag == NULL) {
        fill(builder, builder->config->root, root, NULL);
        return;
    }
    refuse(builder, root,
           root->kind == NODE_LIST
               ? "found a list; a config is a mapping: the name of a section and a \":\", and "
                 "below it, indented, its keys"
               : "found a single value; a config is a mapping: the name of a section and a "
                 "\":\", and below it, indented, its keys");
}

void tree_build(struct config *config, const struct origin *origin, const struct document *document,
                struct mistakes *mistakes)
{
    struct builder builder = {.config = config, .origin = origin, .mistakes = mistakes};
    char nothing[] = "";
    struct node empty = {
        .kind = NODE_SCALAR, .plain = true, .text = nothing, .line = 1, .column = 1};
    build_root(&builder, document->root == NULL ? &empty : document->root);
    key_path_free(&builder.path);
}

void tree_build_at(struct config *config, const struct origin *origin, const char *key,
                   const struct document *document, struct mistakes *mistakes)
{
    struct builder builder = {.config = config, .origin = origin, .mistakes = mistakes};
    char nothing[] = "";
    struct node empty = {
        .kind = NODE_SCALAR, .plain = true, .text = nothing, .line = 1, .column = 1};
    struct node name = {.kind = NODE_SCALAR, .line = 1, .column = 1};
    name.text = strdup(key);
    if (name.text == NULL) {
        builder_memory(&builder);
        return;
    }
    name.size = strlen(key);
    put_entry(&builder, config->root, &name, document->root == NULL ? &empty : document->root, NULL,
              NULL);
    free(name.text);
    key_path_free(&builder.path);
}
