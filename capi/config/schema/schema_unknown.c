#include "schema_unknown.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "config/suggest.h"

static bool has_alias(const json_t *property, const char *key)
{
    size_t index;
    json_t *alias;
    json_array_foreach(json_object_get(property, "aliases"), index, alias)
    {
        if (strcmp(json_string_value(alias), key) == 0) {
            return true;
        }
    }
    return false;
}

bool schema_knows(json_t *properties, const char *key)
{
    const char *name;
    json_t *property;
    if (json_object_get(properties, key) != NULL) {
        return true;
    }
    json_object_foreach(properties, name, property)
    {
        if (has_alias(property, key)) {
            return true;
        }
    }
    return false;
}

/* Finds the key deeper down; `path` becomes the way to it. */
static bool find_below(json_t *properties, const char *key, struct key_path *path,
                       struct check *check)
{
    const char *name;
    json_t *property;
    size_t size = path->size;
    json_object_foreach(properties, name, property)
    {
        json_t *below = json_object_get(property, "properties");
        if (below == NULL) {
            continue;
        }
        if (key_path_push_text(path, name) != STATUS_OK) {
            check_memory(check);
            return false;
        }
        if (json_object_get(below, key) != NULL) {
            if (key_path_push_text(path, key) != STATUS_OK) {
                check_memory(check);
                return false;
            }
            return true;
        }
        if (find_below(below, key, path, check)) {
            return true;
        }
        key_path_cut(path, size);
    }
    return false;
}

/* The property whose name or alias is nearest. */
static const char *property_nearest(struct check *check, json_t *properties, const char *key)
{
    const char *name;
    json_t *property;
    size_t index;
    json_t *alias;
    size_t count = 0;
    json_object_foreach(properties, name, property)
    {
        count += 1 + json_array_size(json_object_get(property, "aliases"));
    }
    const char **words = calloc(count * 2 + 1, sizeof *words);
    if (words == NULL) {
        check_memory(check);
        return NULL;
    }
    /* words, and in the second half the property of each */
    const char **owners = words + count;
    size_t at = 0;
    json_object_foreach(properties, name, property)
    {
        words[at] = name;
        owners[at++] = name;
        json_array_foreach(json_object_get(property, "aliases"), index, alias)
        {
            words[at] = json_string_value(alias);
            owners[at++] = name;
        }
    }
    const char *nearest = suggest_nearest(key, words, count);
    for (size_t i = 0; nearest != NULL && i < count; i++) {
        if (words[i] == nearest) {
            nearest = owners[i];
            break;
        }
    }
    free((void *)words);
    return nearest;
}

static int print_known(struct buffer *known, json_t *properties)
{
    const char *name;
    json_t *property;
    int status = buffer_print(known, "known are ");
    const char *before = "";
    json_object_foreach(properties, name, property)
    {
        status = status == 0 ? buffer_print(known, "%s%s", before, name) : status;
        before = ", ";
    }
    if (*before == '\0' && status == 0) {
        buffer_reset(known);
        status = buffer_print(known, "no keys are known here");
    }
    return status;
}

static int print_answer(struct buffer *answer, struct check *check, json_t *properties,
                        const char *key, json_t *meant)
{
    struct key_path below = {0};
    const char *nearest = NULL;
    if (find_below(properties, key, &below, check)) {
        nearest = key_path_text(&below);
    } else {
        nearest = property_nearest(check, properties, key);
    }
    int status = nearest == NULL ? print_known(answer, properties)
                                 : buffer_print(answer, "did you mean \"%s\"?", nearest);
    if (nearest != NULL &&
        json_object_setn_new_nocheck(meant, nearest, strcspn(nearest, "."), json_true()) != 0) {
        status = STATUS_EMEMORY;
    }
    key_path_free(&below);
    return status;
}

void refuse_unknown(struct check *check, json_t *properties, const char *key, json_t *meant)
{
    struct buffer answer = {0};
    size_t size = check->path.size;
    if (key_path_push_text(&check->path, key) != STATUS_OK ||
        print_answer(&answer, check, properties, key, meant) != STATUS_OK) {
        check_memory(check);
    } else {
        const char *path = key_path_text(&check->path);
        struct bytes words = buffer_unread(&answer);
        mistakes_add(&check->mistakes, config_key_place(check->config, path), path,
                     "unknown key; %.*s", (int)words.size, (const char *)words.data);
    }
    key_path_cut(&check->path, size);
    buffer_free(&answer);
}
