#include "log_json.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/utf8.h"

static json_t *json_of_bytes(struct bytes bytes)
{
    static const struct bytes replacement = {"\xef\xbf\xbd", 3};
    const unsigned char *data = bytes.data;
    struct buffer text = {0};
    int status = STATUS_OK;
    for (size_t i = 0; i < bytes.size && status == STATUS_OK;) {
        size_t length = utf8_length(data + i, bytes.size - i);
        status = buffer_append(&text, length == 0 ? replacement : (struct bytes){data + i, length});
        i += length == 0 ? 1 : length;
    }
    struct bytes readable = buffer_unread(&text);
    json_t *json = status != STATUS_OK  ? NULL
                   : readable.size == 0 ? json_string("")
                                        : json_stringn(readable.data, readable.size);
    buffer_free(&text);
    return json;
}

static json_t *json_of_time(int64_t wall)
{
    time_t seconds = (time_t)(wall / CLOCK_SECOND);
    struct tm parts;
    char text[64];
    gmtime_r(&seconds, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    return json_sprintf("%s.%03dZ", text, (int)(wall / CLOCK_MILLISECOND % 1000));
}

static json_t *json_of_field(const struct log_field *field)
{
    switch (field->kind) {
    case LOG_FIELD_TEXT:
        return json_of_bytes(field->value.text);
    case LOG_FIELD_INTEGER:
        return json_integer(field->value.integer);
    case LOG_FIELD_NUMBER:
        return json_real(field->value.number); /* NULL for what JSON has no number for */
    case LOG_FIELD_BOOLEAN:
        return json_boolean(field->value.boolean);
    case LOG_FIELD_JSON:
        return json_loadb(field->value.text.data, field->value.text.size,
                          JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    }
    return NULL;
}

/* A field can't take the place of a member that every line has. */
static bool is_member(const char *name)
{
    static const char *const members[] = {"time", "level", "service", "pid", "text"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strcmp(members[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Of two with a name the first. */
static void add_fields(json_t *object, const struct log_line *line)
{
    for (size_t i = 0; i < line->field_count; i++) {
        const struct log_field *field = &line->fields[i];
        if (!is_member(field->name) && json_object_get(object, field->name) == NULL) {
            json_object_set_new(object, field->name, json_of_field(field));
        }
    }
}

static json_t *json_of_line(const struct log_line *line)
{
    json_t *object = json_object();
    json_object_set_new(object, "time", json_of_time(line->time));
    json_object_set_new(object, "level", json_string(log_level_name(line->level)));
    if (line->service != NULL) {
        json_object_set_new(object, "service", json_string(line->service));
    }
    if (line->pid > 0) {
        json_object_set_new(object, "pid", json_integer(line->pid));
    }
    if (json_object_set_new(object, "text", json_of_bytes(line->text)) != 0) {
        json_decref(object);
        return NULL;
    }
    add_fields(object, line);
    return object;
}

static int print(struct buffer *to, json_t *object, const char *behind)
{
    char *dump = json_dumps(object, JSON_COMPACT);
    int status = dump == NULL ? STATUS_EMEMORY : buffer_print(to, "%s%s", dump, behind);
    free(dump);
    json_decref(object);
    return status;
}

int log_json_print(struct buffer *to, const struct log_line *line)
{
    return print(to, json_of_line(line), "\n");
}

int log_json_print_fields(struct buffer *to, const struct log_line *line)
{
    if (line->field_count == 0) {
        return STATUS_OK;
    }
    json_t *object = json_object();
    add_fields(object, line);
    if (object != NULL && json_object_size(object) == 0) {
        json_decref(object);
        return STATUS_OK;
    }
    return print(to, object, "");
}
