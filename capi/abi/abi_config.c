/* Group: config. It is memory alone, and so works in the child of a fork as well. */
#include "abi_config.h"

#include <stdlib.h>

#include "abi_check.h"
#include "base/bytes.h"
#include "handle.h"
#include "last_error.h"

static struct abi_config *find(const coy_config *config, struct error *error)
{
    struct abi_config *found = handle_find(HANDLE_CONFIG, config);
    if (found == NULL) {
        handle_error(HANDLE_CONFIG, config, error);
    }
    return found;
}

struct config *abi_config_find(const coy_config *config, struct error *error)
{
    struct abi_config *found = find(config, error);
    return found == NULL ? NULL : found->config;
}

void abi_config_free(struct abi_config *config)
{
    if (config != NULL) {
        config_free(config->config);
        free(config->text);
        free(config);
    }
}

struct config *abi_config_take(coy_config *config)
{
    struct abi_config *found = handle_take(HANDLE_CONFIG, config);
    struct config *taken = NULL;
    if (found != NULL) {
        taken = found->config;
        found->config = NULL;
        abi_config_free(found);
    }
    return taken;
}

coy_config *coy_config_new(void)
{
    struct error error = {0};
    struct abi_config *config = calloc(1, sizeof *config);
    void *handle = NULL;
    if (config != NULL) {
        config->config = config_new();
        handle = config->config == NULL ? NULL : handle_new(HANDLE_CONFIG, config);
    }
    if (handle == NULL) {
        abi_config_free(config);
        last_error_keep(error_memory(&error), &error);
    }
    return handle;
}

/* --- what is read --- */

/* A file, a text, or one value. */
struct reading {
    const char *path; /* NULL: not a file */
    const char *name; /* of the text, or the key */
    struct bytes text;
    const char *value; /* NULL: not one value */
};

static int read_into(struct config *config, const struct reading *reading, struct error *error)
{
    if (reading->path != NULL) {
        return config_read_file(config, reading->path, error);
    }
    if (reading->value != NULL) {
        return config_set(config, "coy_config_set", reading->name, reading->value, error);
    }
    const char *text = reading->text.size == 0 ? "" : reading->text.data;
    return config_read_text(config, reading->name, text, reading->text.size, error);
}

/* Into a copy, which takes its place if all is well: so a failure of any kind changes nothing. */
static int change(struct abi_config *config, const struct reading *reading, struct error *error)
{
    struct config *copy = config_copy(config->config);
    if (copy == NULL) {
        return error_memory(error);
    }
    int status = read_into(copy, reading, error);
    if (status == STATUS_OK) {
        config_free(config->config);
        config->config = copy;
    } else {
        config_free(copy);
    }
    return status;
}

int coy_config_read_file(coy_config *config, const char *path)
{
    struct error error = {0};
    struct abi_config *found = find(config, &error);
    if (found != NULL && abi_text_check(path, "path", &error) == STATUS_OK) {
        change(found, &(struct reading){.path = path}, &error);
    }
    return last_error_keep(error.status, &error);
}

int coy_config_read_text(coy_config *config, const char *name, const void *text, size_t size)
{
    struct error error = {0};
    struct abi_config *found = find(config, &error);
    if (found != NULL && abi_text_check(name, "name", &error) == STATUS_OK &&
        abi_bytes_check(text, size, "text", &error) == STATUS_OK) {
        change(found, &(struct reading){.name = name, .text = {text, size}}, &error);
    }
    return last_error_keep(error.status, &error);
}

int coy_config_set(coy_config *config, const char *key, const char *value)
{
    struct error error = {0};
    struct abi_config *found = find(config, &error);
    if (found != NULL && abi_text_check(key, "key", &error) == STATUS_OK &&
        abi_text_check(value, "value", &error) == STATUS_OK) {
        change(found, &(struct reading){.name = key, .value = value}, &error);
    }
    return last_error_keep(error.status, &error);
}

/* --- what stands there --- */

const char *coy_config_get(coy_config *config, const char *key)
{
    struct error error = {0};
    struct abi_config *found = find(config, &error);
    if (found != NULL) {
        free(found->text);
        found->text = NULL;
    }
    if (found != NULL && abi_text_check(key, "key", &error) == STATUS_OK) {
        const json_t *value = config_find(found->config, key);
        found->text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        if (value != NULL && found->text == NULL) {
            error_memory(&error);
        }
    }
    last_error_keep(error.status, &error);
    return found == NULL ? NULL : found->text;
}

const char *coy_config_position(coy_config *config, const char *key)
{
    struct error error = {0};
    struct abi_config *found = find(config, &error);
    bool usable = found != NULL && abi_text_check(key, "key", &error) == STATUS_OK;
    last_error_keep(error.status, &error);
    return usable ? config_position(found->config, key) : NULL;
}

void coy_config_free(coy_config *config)
{
    abi_config_free(handle_take(HANDLE_CONFIG, config));
}
