/* What to write where a key is missing. */
#include <stdlib.h>

#include "schema_words.h"

static json_t *example_of(const json_t *schema);

/* Only what is required: the shortest text that is right. */
static json_t *example_object(const json_t *schema)
{
    json_t *object = json_object();
    json_t *properties = json_object_get(schema, "properties");
    size_t index;
    json_t *name;
    json_array_foreach(json_object_get(schema, "required"), index, name)
    {
        const char *key = json_string_value(name);
        if (json_object_set_new(object, key, example_of(json_object_get(properties, key))) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static json_t *example_scalar(const json_t *schema)
{
    const json_t *minimum = json_object_get(schema, "minimum");
    if (schema_has_format(schema, "duration")) {
        return json_string("1m30s");
    }
    if (schema_has_format(schema, "size")) {
        return json_string("64MiB");
    }
    if (schema_has_format(schema, "command")) {
        return json_string("php app.php");
    }
    if (schema_has_type(schema, "integer") || schema_has_type(schema, "number")) {
        return minimum == NULL ? json_integer(1) : json_deep_copy(minimum);
    }
    return schema_has_type(schema, "boolean") ? json_true() : json_string("...");
}

static json_t *example_of(const json_t *schema)
{
    json_t *ready = json_array_get(json_object_get(schema, "examples"), 0);
    ready = ready == NULL ? json_object_get(schema, "const") : ready;
    ready = ready == NULL ? json_object_get(schema, "default") : ready;
    ready = ready == NULL ? json_array_get(json_object_get(schema, "enum"), 0) : ready;
    if (ready != NULL) {
        return json_deep_copy(ready);
    }
    if (schema_has_type(schema, "object")) {
        return example_object(schema);
    }
    return schema_has_type(schema, "array") ? json_array() : example_scalar(schema);
}

char *words_example(const json_t *schema)
{
    json_t *example = example_of(schema);
    char *text = example == NULL ? NULL : words_value(example);
    json_decref(example);
    return text;
}
