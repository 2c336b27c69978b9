/* Reading into a config: first into one of its own, so that a mistake leaves the config as it was,
   unless it is one that hides nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_tree.h"
#include "document.h"
#include "file_read.h"
#include "text_check.h"
#include "tree_builder.h"

/* What is read later wins, value by value; mappings are joined. */
static int config_overlay(struct config *config, struct config *fresh, struct error *error)
{
    if (json_object_update_recursive(config->root, fresh->root) != 0 ||
        positions_take(&config->positions, &fresh->positions) != STATUS_OK) {
        return error_memory(error);
    }
    return STATUS_OK;
}

/* A NULL key: the text is a whole config. */
static int config_read(struct config *config, const struct origin *origin, const char *key,
                       const char *text, size_t size, struct error *error)
{
    struct document document;
    struct mistakes mistakes = {0};
    struct config *fresh = config_new();
    bool usable = false;
    if (fresh == NULL) {
        return error_memory(error);
    }
    int status = document_read(&document, origin, text, size, error);
    if (status == STATUS_OK) {
        if (key == NULL) {
            tree_build(fresh, origin, &document, &mistakes);
        } else {
            tree_build_at(fresh, origin, key, &document, &mistakes);
        }
        usable = mistakes.count == mistakes.doubles && !mistakes.out_of_memory;
        status = mistakes_report(&mistakes, error);
    }
    document_free(&document);
    if (usable) {
        config->origins++;
        int joined = config_overlay(config, fresh, status == STATUS_OK ? error : NULL);
        status = status == STATUS_OK ? joined : status;
    }
    config_free(fresh);
    return status;
}

int config_read_text(struct config *config, const char *name, const char *text, size_t size,
                     struct error *error)
{
    struct origin origin = {.order = config->origins + 1, .name = name};
    if (size > FILE_LIMIT) {
        return file_too_large(name, error);
    }
    return config_read(config, &origin, NULL, text, size, error);
}

int config_read_file(struct config *config, const char *path, struct error *error)
{
    char *text;
    size_t size;
    int status = file_read(path, &text, &size, error);
    if (status == STATUS_OK) {
        status = config_read_text(config, path, text, size, error);
        free(text);
    }
    return status;
}

/* The words around the key are how messages call it. */
static int set_named(struct config *config, const char *before, const char *key, const char *behind,
                     const char *value, struct error *error)
{
    char *name = NULL;
    if (asprintf(&name, "%s%s%s", before, key, behind) < 0) {
        return error_memory(error);
    }
    struct origin origin = {.order = config->origins + 1, .name = name, .option = true};
    int status = text_check(&origin, key, strlen(key), error);
    if (status == STATUS_OK) {
        status = config_read(config, &origin, key, value, strlen(value), error);
    }
    free(name);
    return status;
}

int config_set(struct config *config, const char *caller, const char *key, const char *value,
               struct error *error)
{
    char *before = NULL;
    if (asprintf(&before, "%s(\"", caller) < 0) {
        return error_memory(error);
    }
    int status = set_named(config, before, key, "\")", value, error);
    free(before);
    return status;
}

int config_override(struct config *config, const char *assignment, struct error *error)
{
    const char *equals = strchr(assignment, '=');
    if (equals == NULL || equals == assignment) {
        return error_set(
            error, STATUS_ECONFIG,
            "option -o %s: %s; write -o KEY=VALUE, such as -o ticker.interval=250ms", assignment,
            equals == NULL ? "there is no \"=\" in it" : "there is no key before the \"=\"");
    }
    char *key = strndup(assignment, (size_t)(equals - assignment));
    if (key == NULL) {
        return error_memory(error);
    }
    int status = set_named(config, "option -o ", key, "", equals + 1, error);
    free(key);
    return status;
}
