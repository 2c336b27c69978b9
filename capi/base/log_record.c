#include "base/log_record.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum { START = 0x1e };

/* PSR-3's levels, and ours for each. */
static const struct {
    const char *name;
    enum log_level level;
} levels[] = {
    {"emergency", LOG_LEVEL_ERROR}, {"alert", LOG_LEVEL_ERROR},     {"critical", LOG_LEVEL_ERROR},
    {"error", LOG_LEVEL_ERROR},     {"warning", LOG_LEVEL_WARNING}, {"notice", LOG_LEVEL_INFO},
    {"info", LOG_LEVEL_INFO},       {"debug", LOG_LEVEL_DEBUG},
};

/* A sink drops fields of these names: they get another one. */
static const struct {
    const char *name;
    const char *instead;
} own_names[] = {
    {"time", "context_time"}, {"level", "context_level"}, {"service", "context_service"},
    {"pid", "context_pid"},   {"text", "context_text"},
};

bool log_record_begins(struct bytes begun)
{
    return begun.size > 0 && memchr(begun.data, START, begun.size) != NULL;
}

static bool read_level(struct log_record *record, const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof levels / sizeof *levels; i++) {
        if (strcmp(name, levels[i].name) == 0) {
            record->level = levels[i].level;
            return true;
        }
    }
    return false;
}

static const char *field_name(const char *name)
{
    for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++) {
        if (strcmp(name, own_names[i].name) == 0) {
            return own_names[i].instead;
        }
    }
    return name;
}

static struct bytes bytes_of_string(const json_t *string)
{
    return (struct bytes){json_string_value(string), json_string_length(string)};
}

/* STATUS_EMEMORY: what it holds can't be written down. */
static int read_field(struct log_field *field, const char *name, const json_t *value)
{
    field->name = field_name(name);
    switch (json_typeof(value)) {
    case JSON_STRING:
        field->kind = LOG_FIELD_TEXT;
        field->value.text = bytes_of_string(value);
        return STATUS_OK;
    case JSON_INTEGER:
        field->kind = LOG_FIELD_INTEGER;
        field->value.integer = json_integer_value(value);
        return STATUS_OK;
    case JSON_REAL:
        field->kind = LOG_FIELD_NUMBER;
        field->value.number = json_real_value(value);
        return STATUS_OK;
    case JSON_TRUE:
    case JSON_FALSE:
        field->kind = LOG_FIELD_BOOLEAN;
        field->value.boolean = json_is_true(value);
        return STATUS_OK;
    default:
        break;
    }
    char *dump = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (dump == NULL) {
        return STATUS_EMEMORY;
    }
    field->kind = LOG_FIELD_JSON;
    field->value.text = bytes_of_text(dump);
    return STATUS_OK;
}

static int read_fields(struct log_record *record, const char *level, json_t *context)
{
    record->fields = calloc(json_object_size(context) + 1, sizeof *record->fields);
    if (record->fields == NULL) {
        return STATUS_EMEMORY;
    }
    if (strcmp(level, log_level_name(record->level)) != 0) {
        record->fields[record->field_count++] =
            (struct log_field){"psr_level", LOG_FIELD_TEXT, {.text = bytes_of_text(level)}};
    }
    const char *name;
    json_t *value;
    json_object_foreach(context, name, value)
    {
        if (read_field(&record->fields[record->field_count], name, value) != STATUS_OK) {
            return STATUS_EMEMORY;
        }
        record->field_count++;
    }
    return STATUS_OK;
}

static int read_tree(struct log_record *record)
{
    const json_t *tree = record->tree;
    const json_t *message = json_object_get(tree, "message");
    const char *level = json_string_value(json_object_get(tree, "level"));
    json_t *context = json_object_get(tree, "context");
    if (!json_is_string(message) || !read_level(record, level) ||
        (context != NULL && !json_is_object(context))) {
        return STATUS_EINVAL;
    }
    record->message = bytes_of_string(message);
    return read_fields(record, level, context);
}

int log_record_read(struct log_record *record, struct bytes line)
{
    *record = (struct log_record){0};
    const char *start = line.size == 0 ? NULL : memrchr(line.data, START, line.size);
    if (start == NULL) {
        return STATUS_EINVAL;
    }
    record->before = (struct bytes){line.data, (size_t)(start - (const char *)line.data)};
    size_t size = line.size - record->before.size - 1;
    record->tree = json_loadb(start + 1, size, JSON_ALLOW_NUL, NULL);
    int status = record->tree == NULL ? STATUS_EINVAL : read_tree(record);
    if (status != STATUS_OK) {
        log_record_free(record);
    }
    return status;
}

void log_record_write(const struct log_record *record, struct log *log, const char *service,
                      pid_t pid)
{
    log_context(log, record->level, service, pid, record->message, record->fields,
                record->field_count);
}

void log_record_free(struct log_record *record)
{
    for (size_t i = 0; i < record->field_count; i++) {
        if (record->fields[i].kind == LOG_FIELD_JSON) {
            free((void *)(uintptr_t)record->fields[i].value.text.data);
        }
    }
    free(record->fields);
    json_decref(record->tree);
    *record = (struct log_record){0};
}
