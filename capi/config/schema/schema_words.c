#include "schema_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "config/duration.h"
#include "config/size.h"
#include "quote.h"

enum { REAL_DIGITS = 15 };

bool schema_has_type(const json_t *schema, const char *type)
{
    const json_t *types = json_object_get(schema, "type");
    const char *single = json_string_value(types);
    size_t index;
    json_t *item;
    json_array_foreach(types, index, item)
    {
        if (strcmp(json_string_value(item), type) == 0) {
            return true;
        }
    }
    return single != NULL && strcmp(single, type) == 0;
}

bool schema_has_format(const json_t *schema, const char *format)
{
    const char *mine = json_string_value(json_object_get(schema, "format"));
    return mine != NULL && strcmp(mine, format) == 0;
}

/* jansson's own memory functions may be others than ours */
static char *json_text(const json_t *value)
{
    size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(REAL_DIGITS);
    size_t size = json_dumpb(value, NULL, 0, flags);
    char *text = size == 0 ? NULL : malloc(size + 1);
    if (text == NULL) {
        return NULL;
    }
    if (json_dumpb(value, text, size, flags) != size) {
        free(text);
        return NULL;
    }
    text[size] = '\0';
    return text;
}

char *words_value(const json_t *value)
{
    return json_is_string(value) ? quote_text(json_string_value(value), json_string_length(value))
                                 : json_text(value);
}

char *words_found(const json_t *value)
{
    char *words = NULL;
    switch (json_typeof(value)) {
    case JSON_NULL:
        return strdup("nothing");
    case JSON_OBJECT:
        return strdup("a mapping");
    case JSON_ARRAY:
        return strdup("a list");
    default:
        break;
    }
    char *text = words_value(value);
    const char *kind = json_is_string(value)    ? "the text "
                       : json_is_integer(value) ? "the integer "
                       : json_is_real(value)    ? "the number "
                                                : "";
    if (text == NULL || asprintf(&words, "%s%s", kind, text) < 0) {
        words = NULL;
    }
    free(text);
    return words;
}

/* A bound in the unit that a user would write it in. */
static char *bound_text(const json_t *schema, const json_t *bound)
{
    if (bound == NULL) {
        return strdup("");
    }
    if (schema_has_format(schema, "duration")) {
        return duration_format((int64_t)json_number_value(bound));
    }
    if (schema_has_format(schema, "size")) {
        return size_format((int64_t)json_number_value(bound));
    }
    return json_text(bound);
}

static int print_range(struct buffer *buffer, const json_t *schema)
{
    const json_t *minimum = json_object_get(schema, "minimum");
    const json_t *maximum = json_object_get(schema, "maximum");
    char *least = bound_text(schema, minimum);
    char *most = bound_text(schema, maximum);
    int status = -1;
    if (least == NULL || most == NULL) {
        status = -1;
    } else if (minimum != NULL && maximum != NULL) {
        status = buffer_print(buffer, " from %s to %s", least, most);
    } else if (minimum != NULL) {
        status = buffer_print(buffer, " of at least %s", least);
    } else if (maximum != NULL) {
        status = buffer_print(buffer, " of at most %s", most);
    } else {
        status = 0;
    }
    free(least);
    free(most);
    return status;
}

static int print_values(struct buffer *buffer, const json_t *values)
{
    size_t index;
    json_t *value;
    int status = buffer_print(buffer, json_array_size(values) > 1 ? "one of " : "");
    json_array_foreach(values, index, value)
    {
        char *text = words_value(value);
        if (text == NULL || status != 0) {
            free(text);
            return -1;
        }
        status = buffer_print(buffer, "%s%s", index == 0 ? "" : ", ", text);
        free(text);
    }
    return status;
}

static int print_mapping(struct buffer *buffer, const json_t *schema)
{
    json_t *properties = json_object_get(schema, "properties");
    const char *key;
    json_t *child;
    int status = buffer_print(buffer, "a mapping");
    const char *before = " with the keys ";
    json_object_foreach(properties, key, child)
    {
        status = status == 0 ? buffer_print(buffer, "%s%s", before, key) : status;
        before = ", ";
    }
    if (properties == NULL && status == 0) {
        status = buffer_print(buffer, ", lines such as NAME: value");
    }
    return status;
}

static int print_type(struct buffer *buffer, const json_t *schema, const char *type)
{
    if (strcmp(type, "object") == 0) {
        return print_mapping(buffer, schema);
    }
    if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0) {
        int status = buffer_print(buffer, "%s", *type == 'i' ? "an integer" : "a number");
        return status == 0 ? print_range(buffer, schema) : status;
    }
    return buffer_print(buffer, "%s",
                        strcmp(type, "array") == 0             ? "a list"
                        : strcmp(type, "boolean") == 0         ? "true or false"
                        : schema_has_format(schema, "command") ? "a command such as \"php app.php\""
                                                               : "text");
}

static int print_format(struct buffer *buffer, const json_t *schema, const char *name,
                        const char *how)
{
    int status = buffer_print(buffer, "a %s", name);
    status = status == 0 ? print_range(buffer, schema) : status;
    return status == 0 ? buffer_print(buffer, ": %s", how) : status;
}

static int print_expected(struct buffer *buffer, const json_t *schema)
{
    const json_t *values = json_object_get(schema, "enum");
    if (schema_has_format(schema, "duration")) {
        return print_format(buffer, schema, "duration",
                            "text such as \"250ms\" or \"1m30s\", or a number of seconds");
    }
    if (schema_has_format(schema, "size")) {
        return print_format(buffer, schema, "size",
                            "text such as \"64MiB\" or \"512KB\", or a number of bytes");
    }
    if (values != NULL) {
        return print_values(buffer, values);
    }
    const json_t *types = json_object_get(schema, "type");
    if (json_is_string(types)) {
        return print_type(buffer, schema, json_string_value(types));
    }
    size_t index;
    json_t *type;
    int status = types == NULL ? buffer_print(buffer, "another value") : 0;
    json_array_foreach(types, index, type)
    {
        status = status == 0 && index > 0 ? buffer_print(buffer, " or ") : status;
        status = status == 0 ? print_type(buffer, schema, json_string_value(type)) : status;
    }
    return status;
}

static char *buffer_text(struct buffer *buffer, int status)
{
    struct bytes bytes = buffer_unread(buffer);
    char *text = status == 0 ? strndup(bytes.data == NULL ? "" : bytes.data, bytes.size) : NULL;
    buffer_free(buffer);
    return text;
}

char *words_expected(const json_t *schema)
{
    struct buffer buffer = {0};
    const json_t *constant = json_object_get(schema, "const");
    int status;
    if (constant != NULL) {
        char *text = words_value(constant);
        status = text == NULL ? -1 : buffer_print(&buffer, "%s", text);
        free(text);
    } else {
        status = print_expected(&buffer, schema);
    }
    return buffer_text(&buffer, status);
}
