/* What the kind is made of, and the source's beginning and end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/schema.h"
#include "host_state.h"

static bool is_name(const char *name)
{
    /* by hand: isalnum would follow the locale */
    for (const char *at = name; *at != '\0'; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        if (!letter && !(*at >= '0' && *at <= '9') && *at != '_' && *at != '-') {
            return false;
        }
    }
    return name[0] != '\0';
}

struct host_source *host_source_new(const char *name, struct error *error)
{
    if (!is_name(name)) {
        error_set(error, STATUS_EINVAL,
                  "\"%s\" can't be the name of a kind: it must be made of letters, digits, _ and -",
                  name);
        return NULL;
    }
    struct host_source *source = calloc(1, sizeof *source);
    if (source == NULL) {
        error_memory(error);
        return NULL;
    }
    list_init(&source->waiting);
    source->name = strdup(name);
    source->kind = host_kind;
    source->kind.name = source->name;
    source->capacity = HOST_SOURCE_CAPACITY;
    source->attempt = 1;
    if (host_jobs_init(&source->jobs) != STATUS_OK || source->name == NULL) {
        host_source_free(source);
        error_memory(error);
        return NULL;
    }
    return source;
}

void host_source_free(struct host_source *source)
{
    if (source == NULL) {
        return;
    }
    host_source_leave(source, HOST_SOURCE_ENDED, "");
    host_jobs_free(&source->jobs);
    buffer_free(&source->id);
    buffer_free(&source->key);
    buffer_free(&source->label);
    error_clear(&source->failure);
    for (size_t i = 0; i < source->variables; i++) {
        free(source->environment[i]);
    }
    free((void *)source->environment);
    free(source->schema);
    free(source->name);
    free(source);
}

const struct source_kind *host_source_kind(const struct host_source *source)
{
    return &source->kind;
}

enum host_source_state host_source_state(const struct host_source *source)
{
    return source->state;
}

static bool is_of_service(const char *key)
{
    return strcmp(key, "source") == 0 || strcmp(key, "workers") == 0;
}

/* The key that would take what is the service's, by its name or an alias; NULL: none. */
static const char *intruder(const json_t *schema)
{
    const char *key;
    json_t *property;
    json_object_foreach(json_object_get(schema, "properties"), key, property)
    {
        size_t index;
        json_t *alias;
        if (is_of_service(key)) {
            return key;
        }
        json_array_foreach(json_object_get(property, "aliases"), index, alias)
        {
            if (is_of_service(json_string_value(alias))) {
                return key;
            }
        }
    }
    return NULL;
}

static int check_schema(const char *text, struct error *error)
{
    json_t *schema = schema_parse(text, error);
    if (schema == NULL) {
        return error->status;
    }
    const json_t *type = json_object_get(schema, "type");
    const char *key = intruder(schema);
    int status = STATUS_OK;
    if (type != NULL && (!json_is_string(type) || strcmp(json_string_value(type), "object") != 0)) {
        status =
            error_set(error, STATUS_EINVAL, "schema of the section: \"type\" must be \"object\"");
    } else if (key != NULL) {
        status = error_set(error, STATUS_EINVAL,
                           "schema of the section: property \"%s\": source and workers are every "
                           "service's own, leave them out",
                           key);
    }
    json_decref(schema);
    return status;
}

int host_source_set_schema(struct host_source *source, const char *schema, struct error *error)
{
    struct error mistake = {0};
    if (check_schema(schema, &mistake) != STATUS_OK) {
        int status = mistake.status;
        error_move(error, &mistake);
        return status;
    }
    char *copy = strdup(schema);
    if (copy == NULL) {
        return error_memory(error);
    }
    free(source->schema);
    source->schema = copy;
    source->kind.schema = copy;
    return STATUS_OK;
}

int host_source_set_variable(struct host_source *source, const char *name, const char *value,
                             struct error *error)
{
    if (name[0] == '\0' || strchr(name, '=') != NULL) {
        return error_set(error, STATUS_EINVAL,
                         "\"%s\" can't be the name of an environment variable: it is empty or "
                         "holds \"=\"",
                         name);
    }
    char **lines = reallocarray((void *)source->environment, source->variables + 2, sizeof *lines);
    if (lines == NULL) {
        return error_memory(error);
    }
    source->environment = lines;
    source->kind.environment = lines;
    lines[source->variables] = NULL;
    char *line = NULL;
    if (asprintf(&line, "%s=%s", name, value) < 0) {
        return error_memory(error);
    }
    lines[source->variables++] = line;
    lines[source->variables] = NULL;
    return STATUS_OK;
}

void host_source_end(struct host_source *source)
{
    source->ended = true;
    if (source->host != NULL) {
        source->host->ready(source->host);
    }
}

int host_source_fail(struct host_source *source, const char *reason, struct error *error)
{
    if (source->failure.status != STATUS_OK) {
        return STATUS_OK;
    }
    error_set(&source->failure, STATUS_ESOURCE, "%s", reason);
    if (source->failure.text == NULL) {
        error_clear(&source->failure);
        return error_memory(error);
    }
    if (source->host != NULL) {
        source->host->fail(source->host, &source->failure);
    }
    return STATUS_OK;
}
