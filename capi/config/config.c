#include "config/config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_tree.h"
#include "key_path.h"

struct config *config_new(void)
{
    struct config *config = calloc(1, sizeof *config);
    if (config == NULL) {
        return NULL;
    }
    config->root = json_object();
    if (config->root == NULL || positions_init(&config->positions) != STATUS_OK) {
        config_free(config);
        return NULL;
    }
    return config;
}

void config_free(struct config *config)
{
    if (config != NULL) {
        json_decref(config->root);
        positions_free(&config->positions);
        free(config);
    }
}

/* The number in "[3]..." and what follows it; NULL: it is none. */
static const char *index_read(const char *text, size_t *index)
{
    char *end;
    if (*text != '[' || text[1] < '0' || text[1] > '9') {
        return NULL;
    }
    *index = strtoul(text + 1, &end, 10);
    return *end == ']' ? end + 1 : NULL;
}

/* The value under one part of a path: a key, with indices of lists behind it or not. */
static json_t *find_part(json_t *value, const char *part, size_t size)
{
    json_t *whole = json_object_getn(value, part, size);
    if (whole != NULL) {
        return whole;
    }
    const char *at = memchr(part, '[', size);
    if (at == NULL) {
        return NULL;
    }
    value = at == part ? value : json_object_getn(value, part, (size_t)(at - part));
    while (value != NULL && at != NULL && at < part + size) {
        size_t index;
        at = index_read(at, &index);
        value = at == NULL ? NULL : json_array_get(value, index);
    }
    return value;
}

json_t *config_find(const struct config *config, const char *path)
{
    json_t *value = config->root;
    while (value != NULL && *path != '\0') {
        size_t size = strcspn(path, ".");
        value = find_part(value, path, size);
        path += size;
        path += *path == '.';
    }
    return value;
}

/* Cuts the last part off; false: there is none. */
static bool path_climb(char *path)
{
    if (*path == '\0') {
        return false;
    }
    char *dot = strrchr(path, '.');
    char *bracket = strrchr(path, '[');
    char *cut = bracket > dot ? bracket : dot;
    *(cut == NULL ? path : cut) = '\0';
    return true;
}

static const struct position *position_nearest(const struct config *config, const char *path,
                                               bool *exact)
{
    const struct position *found = positions_find(&config->positions, path);
    *exact = found != NULL && found->value.order > 0 && config_find(config, path) != NULL;
    if (*exact) {
        return found;
    }
    char *parent = strdup(path);
    found = NULL;
    while (parent != NULL && found == NULL && path_climb(parent)) {
        found = positions_find(&config->positions, parent);
        if (found != NULL && (found->value.order == 0 || config_find(config, parent) == NULL)) {
            found = NULL;
        }
    }
    free(parent);
    return found;
}

const struct place *config_place(const struct config *config, const char *path)
{
    bool exact;
    const struct position *found = position_nearest(config, path, &exact);
    if (found == NULL) {
        return NULL;
    }
    return exact ? &found->value : &found->key;
}

const struct place *config_key_place(const struct config *config, const char *path)
{
    bool exact;
    const struct position *found = position_nearest(config, path, &exact);
    return found == NULL ? NULL : &found->key;
}

const char *config_position(const struct config *config, const char *path)
{
    const struct position *known = positions_find(&config->positions, path);
    bool exists = config_find(config, path) != NULL;
    if (exists) {
        return known == NULL ? "default" : known->value.text;
    }
    const struct place *place = config_place(config, path);
    return place == NULL ? "default" : place->text;
}

static int mistake_at(const struct place *place, const char *path, struct error *error,
                      const char *format, va_list arguments)
{
    char *words = NULL;
    if (vasprintf(&words, format, arguments) < 0) {
        return error_memory(error);
    }
    struct mistakes mistakes = {0};
    mistakes_add(&mistakes, place, path, "%s", words);
    free(words);
    return mistakes_report(&mistakes, error);
}

int config_mistake(const struct config *config, const char *path, struct error *error,
                   const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int status = mistake_at(config_place(config, path), path, error, format, arguments);
    va_end(arguments);
    return status;
}

int config_key_mistake(const struct config *config, const char *path, struct error *error,
                       const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int status = mistake_at(config_key_place(config, path), path, error, format, arguments);
    va_end(arguments);
    return status;
}
