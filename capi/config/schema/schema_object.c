/* Mappings: known and unknown keys, other spellings, missing keys, defaults. */
#include <stdlib.h>
#include <string.h>

#include "schema_check.h"
#include "schema_unknown.h"
#include "schema_words.h"

static void refuse_alias(struct check *check, const char *alias, const char *first)
{
    size_t size = check->path.size;
    if (key_path_push_text(&check->path, first) != STATUS_OK) {
        check_memory(check);
        return;
    }
    const struct place *known = config_key_place(check->config, key_path_text(&check->path));
    key_path_cut(&check->path, size);
    if (key_path_push_text(&check->path, alias) != STATUS_OK) {
        check_memory(check);
        return;
    }
    const char *path = key_path_text(&check->path);
    mistakes_add(&check->mistakes, config_key_place(check->config, path), path,
                 "given twice, as \"%s\" at %s; both are the same key, keep one of them", first,
                 known == NULL ? "another place" : known->text);
    key_path_cut(&check->path, size);
}

/* The key under which a property is given: its own or an alias; NULL: it is absent. */
static const char *key_given(struct check *check, const char *name, const json_t *schema,
                             json_t *object)
{
    const char *given = json_object_get(object, name) == NULL ? NULL : name;
    size_t index;
    json_t *alias;
    json_array_foreach(json_object_get(schema, "aliases"), index, alias)
    {
        const char *other = json_string_value(alias);
        if (json_object_get(object, other) == NULL) {
            continue;
        }
        if (given == NULL) {
            given = other;
        } else {
            refuse_alias(check, other, given);
        }
    }
    return given;
}

/* From an alias to the key's own name, positions as well. */
static void rename_key(struct check *check, json_t *object, const char *from, const char *to)
{
    json_t *value = json_incref(json_object_get(object, from));
    struct key_path own = {0};
    struct key_path other = {0};
    const char *parent = key_path_text(&check->path);
    if ((*parent != '\0' && (key_path_push_text(&own, parent) != STATUS_OK ||
                             key_path_push_text(&other, parent) != STATUS_OK)) ||
        key_path_push_text(&own, to) != STATUS_OK ||
        key_path_push_text(&other, from) != STATUS_OK ||
        positions_rename(&check->config->positions, key_path_text(&other), key_path_text(&own),
                         value) != STATUS_OK ||
        json_object_set_nocheck(object, to, value) != 0) {
        check_memory(check);
    } else {
        json_object_del(object, from);
    }
    json_decref(value);
    key_path_free(&own);
    key_path_free(&other);
}

static void check_child(struct check *check, const json_t *schema, json_t *object, const char *key)
{
    size_t size = check->path.size;
    if (key_path_push_text(&check->path, key) != STATUS_OK) {
        check_memory(check);
        return;
    }
    json_t *changed = check_value(check, schema, json_object_get(object, key));
    if (changed != NULL && json_object_set_new_nocheck(object, key, changed) != 0) {
        check_memory(check);
    }
    key_path_cut(&check->path, size);
}

/* Whether an absent mapping is put in for the sake of the defaults in it. */
static bool has_defaults(const json_t *schema)
{
    json_t *properties = json_object_get(schema, "properties");
    const char *key;
    json_t *child;
    if (json_array_size(json_object_get(schema, "required")) > 0) {
        return false;
    }
    json_object_foreach(properties, key, child)
    {
        if (json_object_get(child, "default") != NULL || has_defaults(child)) {
            return true;
        }
    }
    return false;
}

static void put_default(struct check *check, const char *name, const json_t *schema, json_t *object)
{
    json_t *ready = json_object_get(schema, "default");
    if (json_is_null(ready) || (ready == NULL && !has_defaults(schema))) {
        return;
    }
    json_t *value = ready == NULL ? json_object() : json_deep_copy(ready);
    if (json_object_set_new_nocheck(object, name, value) != 0) {
        check_memory(check);
        return;
    }
    size_t size = check->path.size;
    if (key_path_push_text(&check->path, name) != STATUS_OK) {
        check_memory(check);
        return;
    }
    positions_forget(&check->config->positions, key_path_text(&check->path));
    key_path_cut(&check->path, size);
    check_child(check, schema, object, name);
}

static bool is_required(const json_t *schema, const char *name)
{
    size_t index;
    json_t *required;
    json_array_foreach(json_object_get(schema, "required"), index, required)
    {
        if (strcmp(json_string_value(required), name) == 0) {
            return true;
        }
    }
    return false;
}

static void refuse_missing(struct check *check, const char *name, const json_t *schema)
{
    size_t size = check->path.size;
    char *example = words_example(schema);
    char *parent = strdup(key_path_text(&check->path));
    if (example == NULL || parent == NULL || key_path_push_text(&check->path, name) != STATUS_OK) {
        check_memory(check);
    } else {
        const char *path = key_path_text(&check->path);
        const struct place *place = config_place(check->config, path);
        if (*parent == '\0') {
            mistakes_add(&check->mistakes, place, path, "missing; write it, such as %s: %s", name,
                         example);
        } else {
            mistakes_add(&check->mistakes, place, path,
                         "missing; write it below \"%s\", such as %s: %s", parent, name, example);
        }
        key_path_cut(&check->path, size);
    }
    free(example);
    free(parent);
}

static void check_property(struct check *check, const json_t *schema, const char *name,
                           const json_t *property, json_t *object, const json_t *meant)
{
    const char *given = key_given(check, name, property, object);
    if (given != NULL) {
        check_child(check, property, object, given);
        if (given != name) {
            rename_key(check, object, given, name);
        }
    } else if (!is_required(schema, name) || json_object_get(property, "default") != NULL) {
        put_default(check, name, property, object);
    } else if (json_object_get(meant, name) == NULL) {
        refuse_missing(check, name, property);
    }
}

void check_object(struct check *check, const json_t *schema, json_t *object)
{
    json_t *properties = json_object_get(schema, "properties");
    const json_t *others = json_object_get(schema, "additionalProperties");
    const char *name;
    json_t *value;
    void *next;
    json_t *meant = json_object();
    if (meant == NULL) {
        check_memory(check);
        return;
    }
    json_object_foreach_safe(object, next, name, value)
    {
        if (schema_knows(properties, name)) {
            continue;
        }
        if (json_is_object(others)) {
            check_child(check, others, object, name);
        } else if (json_is_false(others) || (others == NULL && properties != NULL)) {
            refuse_unknown(check, properties, name, meant);
        }
    }
    json_object_foreach(properties, name, value)
    {
        check_property(check, schema, name, value, object, meant);
    }
    json_decref(meant);
}
