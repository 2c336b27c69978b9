#include "config/schema.h"

#include <stdbool.h>
#include <string.h>

static int check_schema(const json_t *schema, const char *name, struct error *error);

static int refuse(const char *name, const char *word, const char *reason, struct error *error)
{
    return error_set(error, STATUS_EINVAL, "schema of %s: \"%s\" %s", name, word, reason);
}

static bool is_word_of(const json_t *value, const char *const *words)
{
    const char *text = json_string_value(value);
    while (text != NULL && *words != NULL && strcmp(text, *words) != 0) {
        words++;
    }
    return text != NULL && *words != NULL;
}

static bool is_type(const json_t *value)
{
    static const char *const types[] = {"object", "array",   "string", "integer",
                                        "number", "boolean", NULL};
    size_t index;
    json_t *item;
    if (!json_is_array(value)) {
        return is_word_of(value, types);
    }
    json_array_foreach(value, index, item)
    {
        if (!is_word_of(item, types)) {
            return false;
        }
    }
    return json_array_size(value) > 0;
}

static bool is_format(const json_t *value)
{
    static const char *const formats[] = {"duration", "size", "command", NULL};
    return is_word_of(value, formats);
}

static bool is_names(const json_t *value)
{
    size_t index;
    json_t *item;
    json_array_foreach(value, index, item)
    {
        if (!json_is_string(item)) {
            return false;
        }
    }
    return json_is_array(value);
}

static bool is_values(const json_t *value)
{
    return json_array_size(value) > 0;
}

static bool is_text(const json_t *value)
{
    return json_is_string(value);
}

static bool is_number(const json_t *value)
{
    return json_is_number(value);
}

static bool is_anything(const json_t *value)
{
    return value != NULL;
}

static bool is_schema_or_true(const json_t *value)
{
    return json_is_object(value) || json_is_boolean(value);
}

static bool is_object(const json_t *value)
{
    return json_is_object(value);
}

static const struct word {
    const char *name;
    bool (*valid)(const json_t *value);
    const char *expected;
} WORDS[] = {
    {"type", is_type, "must be a type or a list of types"},
    {"properties", is_object, "must be an object"},
    {"additionalProperties", is_schema_or_true, "must be a schema, true or false"},
    {"items", is_object, "must be a schema"},
    {"required", is_names, "must be a list of names"},
    {"enum", is_values, "must be a list of values"},
    {"const", is_anything, "must be a value"},
    {"minimum", is_number, "must be a number"},
    {"maximum", is_number, "must be a number"},
    {"default", is_anything, "must be a value"},
    {"aliases", is_names, "must be a list of names"},
    {"description", is_text, "must be text"},
    {"title", is_text, "must be text"},
    {"examples", is_values, "must be a list of values"},
    {"errorMessage", is_text, "must be text"},
    {"format", is_format, "must be duration, size or command"},
    {"$schema", is_text, "must be text"},
    {"$id", is_text, "must be text"},
    {"$comment", is_text, "must be text"},
};
enum { WORDS_COUNT = sizeof WORDS / sizeof *WORDS };

static int check_word(const char *name, const char *word, const json_t *value, struct error *error)
{
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        if (strcmp(WORDS[i].name, word) == 0) {
            return WORDS[i].valid(value) ? STATUS_OK : refuse(name, word, WORDS[i].expected, error);
        }
    }
    return refuse(name, word, "is no word of the language (config/schema.h)", error);
}

static int check_properties(const json_t *schema, const char *name, struct error *error)
{
    json_t *properties = json_object_get(schema, "properties");
    const char *key;
    json_t *child;
    size_t index;
    json_t *required;
    json_array_foreach(json_object_get(schema, "required"), index, required)
    {
        if (json_object_get(properties, json_string_value(required)) == NULL) {
            return refuse(name, json_string_value(required), "is required but no property", error);
        }
    }
    json_object_foreach(properties, key, child)
    {
        int status = check_schema(child, key, error);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static int check_schema(const json_t *schema, const char *name, struct error *error)
{
    const char *word;
    json_t *value;
    if (!json_is_object(schema)) {
        return error_set(error, STATUS_EINVAL, "schema of %s: must be an object", name);
    }
    /* the headers of jansson iterate over what they could change */
    json_object_foreach((json_t *)schema, word, value)
    {
        int status = check_word(name, word, value, error);
        if (status != STATUS_OK) {
            return status;
        }
    }
    static const char *const inner[] = {"items", "additionalProperties"};
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        json_t *child = json_object_get(schema, inner[i]);
        int status = json_is_object(child) ? check_schema(child, name, error) : STATUS_OK;
        if (status != STATUS_OK) {
            return status;
        }
    }
    return check_properties(schema, name, error);
}

json_t *schema_parse(const char *text, struct error *error)
{
    json_error_t problem;
    json_t *schema = json_loads(text, JSON_REJECT_DUPLICATES, &problem);
    if (schema == NULL) {
        if (json_error_code(&problem) == json_error_out_of_memory) {
            error_memory(error);
        } else {
            error_set(error, STATUS_EINVAL, "schema: line %d, column %d: %s", problem.line,
                      problem.column, problem.text);
        }
        return NULL;
    }
    if (check_schema(schema, "the section", error) != STATUS_OK) {
        json_decref(schema);
        return NULL;
    }
    return schema;
}
