#include "environment.h"

#include <stdlib.h>
#include <string.h>

struct environment {
    char **lines; /* always ends in NULL */
    size_t count;
    size_t capacity; /* of lines, the NULL not counted */
};

static char *const none[] = {NULL};

static int reserve_line(struct environment *environment)
{
    if (environment->count < environment->capacity) {
        return STATUS_OK;
    }
    size_t capacity = environment->capacity == 0 ? 32 : environment->capacity * 2;
    char **lines = reallocarray(environment->lines, capacity + 1, sizeof *lines);
    if (lines == NULL) {
        return STATUS_EMEMORY;
    }
    environment->lines = lines;
    environment->capacity = capacity;
    return STATUS_OK;
}

/* Takes the line over. */
static int append_line(struct environment *environment, char *line)
{
    if (line == NULL || reserve_line(environment) != STATUS_OK) {
        free(line);
        return STATUS_EMEMORY;
    }
    environment->lines[environment->count++] = line;
    environment->lines[environment->count] = NULL;
    return STATUS_OK;
}

static char *find_line(const struct environment *environment, const char *name, size_t length,
                       size_t *index)
{
    for (; *index < environment->count; ++*index) {
        char *line = environment->lines[*index];
        if (strncmp(line, name, length) == 0 && line[length] == '=') {
            return line;
        }
    }
    return NULL;
}

struct environment *environment_new(char *const *variables)
{
    struct environment *environment = calloc(1, sizeof *environment);
    if (environment == NULL) {
        return NULL;
    }
    for (; variables != NULL && *variables != NULL; variables++) {
        if (append_line(environment, strdup(*variables)) != STATUS_OK) {
            environment_free(environment);
            return NULL;
        }
    }
    return environment;
}

struct environment *environment_copy(const struct environment *environment)
{
    return environment_new(environment->lines);
}

void environment_free(struct environment *environment)
{
    if (environment == NULL) {
        return;
    }
    for (size_t i = 0; i < environment->count; i++) {
        free(environment->lines[i]);
    }
    free(environment->lines);
    free(environment);
}

static char *format_line(const char *name, size_t length, const char *value)
{
    size_t value_size = strlen(value) + 1;
    char *line = malloc(length + 1 + value_size);
    if (line == NULL) {
        return NULL;
    }
    /* ASCII by hand: toupper would follow the locale */
    for (size_t i = 0; i < length; i++) {
        line[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 'a' + 'A' : name[i]);
    }
    line[length] = '=';
    memcpy(line + length + 1, value, value_size);
    return line;
}

/* A server may have been started with a name twice: the newest value replaces both. */
static void remove_lines(struct environment *environment, const char *name, size_t length,
                         size_t from)
{
    for (char *line; (line = find_line(environment, name, length, &from)) != NULL;) {
        free(line);
        environment->count--;
        memmove(environment->lines + from, environment->lines + from + 1,
                (environment->count - from + 1) * sizeof *environment->lines);
    }
}

int environment_set(struct environment *environment, const char *name, const char *value,
                    struct error *error)
{
    size_t length = strlen(name);
    if (length == 0 || strchr(name, '=') != NULL) {
        return error_set(error, STATUS_EINVAL,
                         "\"%s\" can't be the name of an environment variable: it is empty or "
                         "holds \"=\"",
                         name);
    }
    char *line = format_line(name, length, value);
    if (line == NULL) {
        return error_memory(error);
    }
    size_t index = 0;
    char *before = find_line(environment, line, length, &index);
    if (before == NULL) {
        return append_line(environment, line) == STATUS_OK ? STATUS_OK : error_memory(error);
    }
    free(before);
    environment->lines[index] = line;
    remove_lines(environment, line, length, index + 1);
    return STATUS_OK;
}

const char *environment_get(const struct environment *environment, const char *name)
{
    size_t index = 0;
    size_t length = strlen(name);
    const char *line = find_line(environment, name, length, &index);
    return line == NULL ? NULL : line + length + 1;
}

char *const *environment_lines(const struct environment *environment)
{
    return environment->lines == NULL ? none : environment->lines;
}
