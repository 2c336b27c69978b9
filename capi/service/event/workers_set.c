#include "service/event/workers_set.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "config/suggest.h"
#include "service/event/workers_section.h"

static bool goes_by(const json_t *property, struct bytes name)
{
    size_t index;
    json_t *alias;
    json_array_foreach(json_object_get(property, "aliases"), index, alias)
    {
        if (bytes_equal(bytes_of_text(json_string_value(alias)), name)) {
            return true;
        }
    }
    return false;
}

/* The property that a part of a key names, and its own name; NULL: there is none. */
static const json_t *step_down(const json_t *schema, struct bytes part, struct bytes *name)
{
    json_t *properties = json_object_get(schema, "properties");
    const char *key;
    json_t *property;
    *name = part;
    json_object_foreach(properties, key, property)
    {
        if (bytes_equal(bytes_of_text(key), part) || goes_by(property, part)) {
            *name = bytes_of_text(key);
            return property;
        }
    }
    return json_object_get(schema, "additionalProperties");
}

/* The schema of what a dotted key names; NULL: there is none. `path`, unless NULL, becomes the key
   without aliases. */
static const json_t *walk(const json_t *schema, const char *key, struct buffer *path)
{
    while (*key != '\0') {
        /* a variable's name is one part, whatever is in it */
        bool names = json_object_get(schema, "properties") != NULL;
        struct bytes part = {key, names ? strcspn(key, ".") : strlen(key)};
        struct bytes name;
        schema = step_down(schema, part, &name);
        key += part.size + (key[part.size] == '.' ? 1 : 0);
        if (path != NULL && buffer_print(path, "%.*s%s", (int)name.size, (const char *)name.data,
                                         *key != '\0' ? "." : "") != STATUS_OK) {
            return NULL;
        }
    }
    return schema;
}

/* Text stays text where the schema takes it; else it is read as the number or boolean it is. */
static json_t *value_of(const json_t *schema, const char *value)
{
    const char *type = json_string_value(json_object_get(schema, "type"));
    bool text = type == NULL || strcmp(type, "string") == 0;
    json_t *read = text ? NULL : json_loads(value, JSON_DECODE_ANY, NULL);
    return read != NULL ? read : json_string(value);
}

/* Whether the key, or a misspelt one, may be of the object at `prefix`: then the schema check says
   which is meant, or knows the alias. */
static bool may_be_of(const json_t *schema, const char *prefix, const char *key)
{
    const char *name;
    json_t *property;
    json_object_foreach(json_object_get(walk(schema, prefix, NULL), "properties"), name, property)
    {
        if (suggest_nearest(key, &name, 1) != NULL) {
            return true;
        }
    }
    return false;
}

/* What has to stand before the key: those of the pool, its supervisor and its
   allocator may come without. */
static const char *prefix_of(const json_t *schema, const char *key)
{
    static const char *const prefixes[] = {"pool", "pool.supervisor", "pool.dynamic_allocator"};
    if (walk(schema, key, NULL) == NULL) {
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
            const json_t *inner = walk(schema, prefixes[i], NULL);
            if (walk(inner, key, NULL) != NULL) {
                return prefixes[i];
            }
        }
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
            if (may_be_of(schema, prefixes[i], key)) {
                return prefixes[i];
            }
        }
    }
    return "";
}

/* The setting as a small config: {"workers": {"pool.num_workers": 4}}. NULL: no memory, or a text
   that is not UTF-8. The caller frees it. */
static char *config_of(const json_t *schema, const char *key, const char *value)
{
    struct buffer path = {0};
    char *whole_key = NULL;
    char *text = NULL;
    const char *prefix = prefix_of(schema, key);
    if (asprintf(&whole_key, "%s%s%s", prefix, prefix[0] == '\0' ? "" : ".", key) >= 0) {
        json_t *given = value_of(walk(schema, whole_key, &path), value);
        struct bytes name = buffer_unread(&path);
        json_t *whole = json_pack("{s:{s%:o}}", "workers", name.data, name.size, given);
        text = whole == NULL ? NULL : json_dumps(whole, JSON_COMPACT);
        json_decref(whole);
        free(whole_key);
    }
    buffer_free(&path);
    return text;
}

/* On a config of its own first, so that a mistake does no harm. */
static int try_alone(const char *name, const char *text, const json_t *schema, struct error *error)
{
    static const char base[] = "{\"workers\": {\"command\": \"php\"}}";
    struct config *config = config_new();
    if (config == NULL) {
        return error_memory(error);
    }
    int status = config_read_text(config, name, base, sizeof base - 1, error);
    status =
        status != STATUS_OK ? status : config_read_text(config, name, text, strlen(text), error);
    status = status != STATUS_OK ? status : config_check(config, "workers", schema, error);
    status = status != STATUS_OK ? status : workers_section_check(config, "workers", error);
    config_free(config);
    return status;
}

static int set_checked(struct config *config, const char *name, const char *text,
                       const json_t *schema, struct error *error)
{
    int status = try_alone(name, text, schema, error);
    status =
        status != STATUS_OK ? status : config_read_text(config, name, text, strlen(text), error);
    return status != STATUS_OK ? status : config_check(config, "workers", schema, error);
}

int workers_set(struct config *config, const char *caller, const char *key, const char *value,
                struct error *error)
{
    if (key[0] == '\0') {
        return error_set(error, STATUS_ECONFIG,
                         "%s(\"\"): the key is empty; write one such as \"num_workers\"", caller);
    }
    json_t *schema = workers_section_schema(error);
    if (schema == NULL) {
        return error->status;
    }
    char *text = config_of(schema, key, value);
    char *name = NULL;
    int status;
    if (text == NULL) {
        status = error_set(error, STATUS_ECONFIG, "%s(%s): the key or the value is not UTF-8 text",
                           caller, key);
    } else if (asprintf(&name, "%s(\"%s\")", caller, key) < 0) {
        status = error_memory(error);
    } else {
        status = set_checked(config, name, text, schema, error);
        free(name);
    }
    free(text);
    json_decref(schema);
    return status;
}
