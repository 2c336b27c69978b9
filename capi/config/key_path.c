#include "key_path.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum { SMALLEST = 64 };

static int path_append(struct key_path *path, const char *separator, const char *text, size_t size)
{
    size_t before = strlen(separator);
    if (size > SIZE_MAX / 4 - path->size) {
        return STATUS_EMEMORY;
    }
    size_t needed = path->size + before + size + 1;
    if (needed > path->capacity) {
        size_t capacity = needed < SMALLEST ? SMALLEST : needed * 2;
        char *larger = realloc(path->text, capacity);
        if (larger == NULL) {
            return STATUS_EMEMORY;
        }
        path->text = larger;
        path->capacity = capacity;
    }
    memcpy(path->text + path->size, separator, before);
    memcpy(path->text + path->size + before, text, size);
    path->size += before + size;
    path->text[path->size] = '\0';
    return STATUS_OK;
}

int key_path_push(struct key_path *path, const char *key, size_t size)
{
    return path_append(path, path->size == 0 ? "" : ".", key, size);
}

int key_path_push_text(struct key_path *path, const char *key)
{
    return key_path_push(path, key, strlen(key));
}

int key_path_push_index(struct key_path *path, size_t index)
{
    char text[32];
    int size = snprintf(text, sizeof text, "[%zu]", index);
    return path_append(path, "", text, (size_t)size);
}

void key_path_cut(struct key_path *path, size_t size)
{
    path->size = size;
    if (path->text != NULL) {
        path->text[size] = '\0';
    }
}

const char *key_path_text(const struct key_path *path)
{
    return path->text == NULL ? "" : path->text;
}

void key_path_free(struct key_path *path)
{
    free(path->text);
    *path = (struct key_path){0};
}
