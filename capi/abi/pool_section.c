#include "pool_section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "config/schema.h"
#include "config/suggest.h"
#include "service/env/env_section.h"
#include "service/event/workers_section.h"

/* --- which sections there are --- */

/* `; did you mean "ticker"? Its sections are: env, ticker`, of those with workers alone or of all. */
static int list_sections(const struct config *config, const char *typed, bool with_workers,
                         struct buffer *text)
{
    json_t *root = config_find(config, "");
    const char *nearest = NULL;
    const char **names = calloc(json_object_size(root) + 1, sizeof *names);
    size_t count = 0;
    const char *name;
    json_t *section;
    if (names == NULL) {
        return STATUS_EMEMORY;
    }
    json_object_foreach(root, name, section)
    {
        if (!with_workers || json_object_get(section, "workers") != NULL) {
            names[count++] = name;
        }
    }
    nearest = suggest_nearest(typed, names, count);
    int status = nearest == NULL ? buffer_print(text, "; ")
                                 : buffer_print(text, "; did you mean \"%s\"? ", nearest);
    const char *whose = with_workers ? "sections with workers" : "sections";
    if (status == STATUS_OK) {
        status = count == 0 ? buffer_print(text, "there are no %s", whose)
                            : buffer_print(text, "%s are: ", whose);
    }
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = buffer_print(text, "%s%s", i == 0 ? "" : ", ", names[i]);
    }
    free((void *)names);
    return status;
}

static int refuse(const struct config *config, const char *name, bool known, struct error *error)
{
    struct buffer text = {0};
    int status = list_sections(config, name, known, &text);
    struct bytes list = buffer_unread(&text);
    if (status != STATUS_OK) {
        status = error_memory(error);
    } else if (known) {
        status = config_mistake(config, name, error,
                                "a pool needs `workers`, and there are none here%.*s",
                                (int)list.size, (const char *)list.data);
    } else {
        status = error_set(error, STATUS_ECONFIG, "the config has no section \"%s\"%.*s", name,
                           (int)list.size, (const char *)list.data);
    }
    buffer_free(&text);
    return status;
}

/* --- its checks --- */

static void collect(struct error *one, struct error *all)
{
    if (one->status != STATUS_OK) {
        error_join(all, one);
        error_clear(one);
    }
}

static void check_by(struct config *config, const char *path, json_t *schema, struct error *error)
{
    if (schema != NULL) {
        config_check(config, path, schema, error);
        json_decref(schema);
    }
}

static void check_variables(const struct config *config, const char *path, struct error *error)
{
    struct environment *nowhere = environment_new(NULL);
    if (nowhere == NULL) {
        error_memory(error);
    } else {
        env_section_apply(config, path, nowhere, error);
        environment_free(nowhere);
    }
}

static void check_env(struct config *config, struct error *all)
{
    struct error one = {0};
    if (config_find(config, "env") != NULL) {
        check_by(config, "env", schema_parse(ENV_SECTION_SCHEMA, &one), &one);
        if (one.status == STATUS_OK) {
            check_variables(config, "env", &one);
        }
        collect(&one, all);
    }
}

static void check_workers(struct config *config, const char *workers, const char *variables,
                          struct error *all)
{
    struct error one = {0};
    check_by(config, workers, workers_section_schema(&one), &one);
    bool complete = one.status == STATUS_OK;
    collect(&one, all);
    if (complete) {
        workers_section_check(config, workers, &one);
        collect(&one, all);
        check_variables(config, variables, &one);
        collect(&one, all);
    }
}

/* --- what is kept of it --- */

static int keep(const struct config *config, const char *name, const char *workers,
                struct pool_section *section, struct error *error)
{
    const char *source = json_string_value(
        json_object_get(json_object_get(config_find(config, ""), name), "source"));
    section->config = config_new();
    section->name = strdup(name);
    section->kind = strdup(source == NULL ? name : source);
    bool whole = section->config != NULL && section->name != NULL && section->kind != NULL &&
                 config_graft(section->config, "workers", config, workers) == STATUS_OK &&
                 config_graft(section->config, "env", config, "env") == STATUS_OK;
    return whole ? STATUS_OK : error_memory(error);
}

static int check_and_keep(struct config *config, const char *name, struct pool_section *section,
                          struct error *error)
{
    char *workers = NULL;
    char *variables = NULL;
    bool whole = asprintf(&workers, "%s.workers", name) >= 0 &&
                 asprintf(&variables, "%s.workers.env", name) >= 0;
    int status = STATUS_OK;
    if (!whole) {
        status = error_memory(error);
    } else {
        check_env(config, error);
        check_workers(config, workers, variables, error);
        status = error->status;
    }
    status = status != STATUS_OK ? status : keep(config, name, workers, section, error);
    free(workers);
    free(variables);
    return status;
}

int pool_section_take(const struct config *config, const char *name, struct pool_section *section,
                      struct error *error)
{
    const json_t *found = json_object_get(config_find(config, ""), name);
    *section = (struct pool_section){0};
    if (found == NULL || json_object_get(found, "workers") == NULL) {
        return refuse(config, name, found != NULL, error);
    }
    /* a check changes what it checks: defaults, aliases, units */
    struct config *copy = config_copy(config);
    if (copy == NULL) {
        return error_memory(error);
    }
    int status = check_and_keep(copy, name, section, error);
    config_free(copy);
    if (status != STATUS_OK) {
        pool_section_clear(section);
    }
    return status;
}

void pool_section_clear(struct pool_section *section)
{
    config_free(section->config);
    free(section->name);
    free(section->kind);
    *section = (struct pool_section){0};
}
