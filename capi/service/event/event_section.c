#include "event_section.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/schema.h"
#include "service/event/workers_section.h"

static const char source_schema[] =
    "{\"type\": \"string\", \"description\": \"the kind of source that the events come from\"}";

/* Takes `value` over. */
static int set_in(json_t *schema, const char *member, const char *key, json_t *value)
{
    json_t *object = json_object_get(schema, member);
    if (object == NULL && json_object_set_new(schema, member, object = json_object()) != 0) {
        json_decref(value);
        return -1;
    }
    return json_object_set_new(object, key, value);
}

static int require_workers(json_t *schema)
{
    json_t *required = json_object_get(schema, "required");
    if (required == NULL) {
        return json_object_set_new(schema, "required", json_pack("[s]", "workers"));
    }
    return json_array_append_new(required, json_string("workers"));
}

static const char any_schema[] = "{\"type\": \"object\", \"additionalProperties\": true}";

json_t *event_section_schema(const struct source_kind *kind, struct error *error)
{
    json_t *schema = schema_parse(kind->schema != NULL ? kind->schema : any_schema, error);
    json_t *source = schema == NULL ? NULL : schema_parse(source_schema, error);
    json_t *workers = source == NULL ? NULL : workers_section_schema(error);
    if (workers == NULL) {
        json_decref(source);
        json_decref(schema);
        return NULL;
    }
    int failed = set_in(schema, "properties", "source", source);
    failed |= set_in(schema, "properties", "workers", workers);
    failed |= require_workers(schema);
    if (failed != 0) {
        json_decref(schema);
        error_memory(error);
        return NULL;
    }
    return schema;
}

int event_section_check(struct config *config, const char *name, const struct source_kind *kind,
                        struct error *error)
{
    json_t *schema = event_section_schema(kind, error);
    if (schema == NULL) {
        return error->status;
    }
    int status = config_check(config, name, schema, error);
    json_decref(schema);
    char *workers = NULL;
    if (status == STATUS_OK && asprintf(&workers, "%s.workers", name) < 0) {
        status = error_memory(error);
    } else if (status == STATUS_OK) {
        status = workers_section_check(config, workers, error);
        free(workers);
    }
    return status;
}

char *event_section_source_text(const struct config *config, const char *name)
{
    json_t *own = json_copy(config_find(config, name));
    json_object_del(own, "source");
    json_object_del(own, "workers");
    char *text = own == NULL ? NULL : json_dumps(own, JSON_COMPACT);
    json_decref(own);
    return text;
}
