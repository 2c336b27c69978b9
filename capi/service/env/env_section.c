#include "service/env/env_section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int mistake(const struct config *config, const char *path, const char *name,
                   struct error *error, const char *words)
{
    char *whole = NULL;
    if (asprintf(&whole, "%s.%s", path, name) < 0) {
        return error_memory(error);
    }
    int status = config_mistake(config, whole, error, "%s", words);
    free(whole);
    return status;
}

static int apply_text(const struct config *config, const char *path, const char *name,
                      const char *text, struct environment *environment, struct error *error)
{
    if (name[0] == '\0' || strchr(name, '=') != NULL) {
        return mistake(config, path, name, error,
                       "the name of an environment variable can't be empty or hold \"=\"");
    }
    return environment_set(environment, name, text, error);
}

static int apply_one(const struct config *config, const char *path, const char *name,
                     const json_t *value, struct environment *environment, struct error *error)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        if (strlen(json_string_value(value)) != json_string_length(value)) {
            return mistake(config, path, name, error,
                           "an environment variable can't hold a NUL byte");
        }
        return apply_text(config, path, name, json_string_value(value), environment, error);
    case JSON_TRUE:
        return apply_text(config, path, name, "true", environment, error);
    case JSON_FALSE:
        return apply_text(config, path, name, "false", environment, error);
    case JSON_INTEGER:
    case JSON_REAL: {
        char *text = json_dumps(value, JSON_ENCODE_ANY);
        int status = text == NULL ? error_memory(error)
                                  : apply_text(config, path, name, text, environment, error);
        free(text);
        return status;
    }
    default:
        return mistake(config, path, name, error,
                       "an environment variable is text, a number, true or false; put anything "
                       "else in quotes");
    }
}

int env_section_apply(const struct config *config, const char *path,
                      struct environment *environment, struct error *error)
{
    int status = STATUS_OK;
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(config_find(config, path), name, value)
    {
        struct error one = {0};
        if (apply_one(config, path, name, value, environment, &one) != STATUS_OK) {
            status = error_join(error, &one);
        }
        error_clear(&one);
    }
    return status;
}
