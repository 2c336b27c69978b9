#include "schema_check.h"

#include <stdlib.h>
#include <string.h>

#include "schema_words.h"

void check_memory(struct check *check)
{
    check->mistakes.out_of_memory = true;
}

void check_unexpected(struct check *check, const json_t *schema, const json_t *found,
                      const char *hint)
{
    char *what = words_found(found);
    char *allowed = words_expected(schema);
    if (what == NULL || allowed == NULL) {
        check_memory(check);
    } else {
        const char *path = key_path_text(&check->path);
        mistakes_add(&check->mistakes, config_place(check->config, path), path,
                     "found %s; expected %s%s", what, allowed, hint);
    }
    free(what);
    free(allowed);
}

static bool type_allowed(const json_t *schema, const json_t *value)
{
    if (json_object_get(schema, "type") == NULL) {
        return true;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return schema_has_type(schema, "object");
    case JSON_ARRAY:
        return schema_has_type(schema, "array");
    case JSON_STRING:
        return schema_has_type(schema, "string");
    case JSON_INTEGER:
        return schema_has_type(schema, "integer") || schema_has_type(schema, "number");
    case JSON_REAL:
        return schema_has_type(schema, "number");
    case JSON_TRUE:
    case JSON_FALSE:
        return schema_has_type(schema, "boolean");
    case JSON_NULL:
        break;
    }
    return false;
}

/* Quotes make text of a number, and are forgotten where text looks like one. */
static const char *quotes_hint(const json_t *schema, const json_t *value)
{
    const char *text = json_string_value(value);
    if (text == NULL) {
        bool scalar = json_is_number(value) || json_is_boolean(value);
        return scalar && schema_has_type(schema, "string") ? "; put it in quotes" : "";
    }
    bool number = (schema_has_type(schema, "integer") || schema_has_type(schema, "number")) &&
                  *text != '\0' && text[strspn(text, "0123456789")] == '\0';
    bool boolean = schema_has_type(schema, "boolean") &&
                   (strcmp(text, "true") == 0 || strcmp(text, "false") == 0);
    return number || boolean ? "; remove the quotes" : "";
}

static void check_list(struct check *check, const json_t *schema, json_t *list)
{
    const json_t *items = json_object_get(schema, "items");
    size_t size = check->path.size;
    for (size_t i = 0; items != NULL && i < json_array_size(list); i++) {
        if (key_path_push_index(&check->path, i) != STATUS_OK) {
            check_memory(check);
            return;
        }
        json_t *changed = check_value(check, items, json_array_get(list, i));
        if (changed != NULL && json_array_set_new(list, i, changed) != 0) {
            check_memory(check);
        }
        key_path_cut(&check->path, size);
    }
}

json_t *check_value(struct check *check, const json_t *schema, json_t *value)
{
    if (schema_has_format(schema, "duration")) {
        return check_duration(check, schema, value);
    }
    if (schema_has_format(schema, "size")) {
        return check_size(check, schema, value);
    }
    json_t *changed = NULL;
    if (json_is_null(value) && schema_has_type(schema, "object")) {
        /* a section with nothing below it */
        changed = json_object();
        if (changed == NULL) {
            check_memory(check);
            return NULL;
        }
        value = changed;
    }
    if (!check_enum(check, schema, value)) {
        return changed;
    }
    if (!type_allowed(schema, value)) {
        check_unexpected(check, schema, value, quotes_hint(schema, value));
    } else if (json_is_object(value)) {
        check_object(check, schema, value);
    } else if (json_is_array(value)) {
        check_list(check, schema, value);
    } else if (json_is_number(value)) {
        check_range(check, schema, value, value);
    } else if (json_is_string(value) && schema_has_format(schema, "command")) {
        check_command(check, json_string_value(value));
    }
    return changed;
}

/* Takes the value over; mappings that the path goes through are made where they are missing. */
static int config_put(struct config *config, const char *path, json_t *value)
{
    json_t *object = config->root;
    for (size_t size = strcspn(path, "."); path[size] != '\0'; size = strcspn(path, ".")) {
        json_t *child = json_object_getn(object, path, size);
        if (!json_is_object(child)) {
            child = json_object();
            if (json_object_setn_new_nocheck(object, path, size, child) != 0) {
                json_decref(value);
                return STATUS_EMEMORY;
            }
        }
        object = child;
        path += size + 1;
    }
    return json_object_set_new_nocheck(object, path, value) == 0 ? STATUS_OK : STATUS_EMEMORY;
}

int config_check(struct config *config, const char *path, const json_t *schema, struct error *error)
{
    struct check check = {.config = config};
    json_t *value = config_find(config, path);
    if (value == NULL) {
        /* an absent section is an empty one: its defaults may be all it needs */
        value = json_object();
        if (value == NULL || config_put(config, path, value) != STATUS_OK) {
            return error_memory(error);
        }
        positions_forget(&config->positions, path);
    }
    if (*path != '\0' && key_path_push_text(&check.path, path) != STATUS_OK) {
        return error_memory(error);
    }
    json_t *changed = check_value(&check, schema, value);
    if (changed != NULL && config_put(config, path, changed) != STATUS_OK) {
        check_memory(&check);
    }
    key_path_free(&check.path);
    return mistakes_report(&check.mistakes, error);
}
