/* Single values: formats, ranges and lists of allowed ones. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/command_line.h"
#include "config/duration.h"
#include "config/size.h"
#include "config/suggest.h"
#include "schema_check.h"
#include "schema_words.h"

static void check_mistake(struct check *check, const char *words)
{
    const char *path = key_path_text(&check->path);
    mistakes_add(&check->mistakes, config_place(check->config, path), path, "%s", words);
}

/* Takes the words of a failed parse over. */
static void check_failure(struct check *check, struct error *error)
{
    if (error->status == STATUS_EMEMORY) {
        check_memory(check);
    } else {
        check_mistake(check, error_text(error));
    }
    error_clear(error);
}

static bool is_beyond(const json_t *value, const json_t *bound, int sign)
{
    if (json_is_integer(value) && json_is_integer(bound)) {
        json_int_t mine = json_integer_value(value);
        json_int_t other = json_integer_value(bound);
        return sign < 0 ? mine < other : mine > other;
    }
    return bound != NULL && (json_number_value(value) - json_number_value(bound)) * sign > 0;
}

void check_range(struct check *check, const json_t *schema, const json_t *found,
                 const json_t *value)
{
    if (!is_beyond(value, json_object_get(schema, "minimum"), -1) &&
        !is_beyond(value, json_object_get(schema, "maximum"), 1)) {
        return;
    }
    const char *words = json_string_value(json_object_get(schema, "errorMessage"));
    if (words != NULL) {
        check_mistake(check, words);
    } else {
        check_unexpected(check, schema, found, "");
    }
}

static const char *enum_nearest(const json_t *values, const char *text, bool *out_of_memory)
{
    const char **words = calloc(json_array_size(values) + 1, sizeof *words);
    size_t count = 0;
    size_t index;
    json_t *value;
    if (words == NULL) {
        *out_of_memory = true;
        return NULL;
    }
    json_array_foreach(values, index, value)
    {
        if (json_is_string(value)) {
            words[count++] = json_string_value(value);
        }
    }
    const char *nearest = suggest_nearest(text, words, count);
    free((void *)words);
    return nearest;
}

static void refuse_enum(struct check *check, const json_t *schema, const json_t *values,
                        const json_t *value)
{
    const char *text = json_string_value(value);
    const char *nearest =
        text == NULL ? NULL : enum_nearest(values, text, &check->mistakes.out_of_memory);
    char *hint = NULL;
    if (nearest == NULL) {
        check_unexpected(check, schema, value, "");
    } else if (asprintf(&hint, "; did you mean \"%s\"?", nearest) < 0) {
        check_memory(check);
    } else {
        check_unexpected(check, schema, value, hint);
        free(hint);
    }
}

bool check_enum(struct check *check, const json_t *schema, const json_t *value)
{
    const json_t *constant = json_object_get(schema, "const");
    const json_t *values = json_object_get(schema, "enum");
    size_t index;
    json_t *allowed;
    bool found = values == NULL;
    json_array_foreach(values, index, allowed)
    {
        found = found || json_equal(allowed, value);
    }
    if (!found || (constant != NULL && !json_equal(constant, value))) {
        refuse_enum(check, schema, values, value);
        return false;
    }
    return true;
}

void check_command(struct check *check, const char *command)
{
    struct error error = {0};
    char **words = command_line_split(command, &error);
    if (words == NULL) {
        check_failure(check, &error);
    }
    free((void *)words);
}

/* The value in its small unit, after a range check; a second check must not convert it again. */
static json_t *converted(struct check *check, const json_t *schema, const json_t *found,
                         int64_t number)
{
    const char *path = key_path_text(&check->path);
    json_t *value = json_integer(number);
    struct position *known = positions_find(&check->config->positions, path);
    if (value == NULL) {
        check_memory(check);
        return NULL;
    }
    if (number < 0 && json_object_get(schema, "minimum") == NULL) {
        check_unexpected(check, schema, found, "; it can't be negative");
        json_decref(value);
        return NULL;
    }
    check_range(check, schema, found, value);
    if (known != NULL) {
        known->converted = true;
        return value;
    }
    struct position position = {.converted = true};
    position.key.text = strdup("default");
    position.value.text = strdup("default");
    if (position.key.text == NULL || position.value.text == NULL) {
        free(position.key.text);
        free(position.value.text);
        check_memory(check);
    } else if (positions_record(&check->config->positions, path, &position) != STATUS_OK) {
        check_memory(check);
    }
    return value;
}

static bool is_converted(const struct check *check, const json_t *value)
{
    const struct position *known =
        positions_find(&check->config->positions, key_path_text(&check->path));
    return known != NULL && known->converted && json_is_integer(value);
}

/* Whole and fractional numbers in `unit`s; false after a mistake. */
static bool number_convert(struct check *check, const json_t *schema, const json_t *value,
                           int64_t unit, int64_t *result)
{
    if (json_is_integer(value)) {
        if (__builtin_mul_overflow(json_integer_value(value), unit, result)) {
            check_unexpected(check, schema, value, "; it is more than can be counted");
            return false;
        }
        return true;
    }
    /* what a double can't tell apart: 1.1 * 1000 is 1100.0000000000002 */
    static const double slack = 1e-4;
    static const double most = 9e15;
    double product = json_real_value(value) * (double)unit;
    if (fabs(product) > most) {
        check_unexpected(check, schema, value, "; it is more than can be counted");
        return false;
    }
    *result = llround(product);
    if (fabs(product - (double)*result) > slack) {
        check_unexpected(check, schema, value,
                         unit == 1 ? "; it must be whole" : "; it is finer than a millisecond");
        return false;
    }
    return true;
}

static json_t *check_amount(struct check *check, const json_t *schema, json_t *value, int64_t unit,
                            int (*parse)(const char *, int64_t *, struct error *))
{
    int64_t number;
    struct error error = {0};
    if (is_converted(check, value)) {
        return NULL;
    }
    if (json_is_string(value)) {
        if (parse(json_string_value(value), &number, &error) != STATUS_OK) {
            check_failure(check, &error);
            return NULL;
        }
    } else if (!json_is_number(value)) {
        check_unexpected(check, schema, value, "");
        return NULL;
    } else if (!number_convert(check, schema, value, unit, &number)) {
        return NULL;
    }
    return converted(check, schema, value, number);
}

json_t *check_duration(struct check *check, const json_t *schema, json_t *value)
{
    return check_amount(check, schema, value, 1000, duration_parse);
}

json_t *check_size(struct check *check, const json_t *schema, json_t *value)
{
    return check_amount(check, schema, value, 1, size_parse);
}
