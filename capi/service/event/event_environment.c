#include "event_environment.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/env/env_section.h"

/* RR_<NAME>=true, with _ for what can't be in a variable's name everywhere. */
static int set_flag(struct environment *environment, const char *name, struct error *error)
{
    char *flag = NULL;
    if (asprintf(&flag, "RR_%s", name) < 0) {
        return error_memory(error);
    }
    for (char *at = flag; *at != '\0'; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        if (!letter && !(*at >= '0' && *at <= '9')) {
            *at = '_';
        }
    }
    int status = environment_set(environment, flag, "true", error);
    free(flag);
    return status;
}

int event_environment_tell(struct environment *environment, const char *section, const char *kind,
                           struct error *error)
{
    int status = environment_set(environment, "RR_MODE", kind, error);
    status = status != STATUS_OK ? status : set_flag(environment, kind, error);
    return status != STATUS_OK ? status : set_flag(environment, section, error);
}

static int apply_line(struct environment *environment, const char *line, struct error *error)
{
    const char *sign = strchrnul(line, '=');
    char *name = strndup(line, (size_t)(sign - line));
    int status = name == NULL
                     ? error_memory(error)
                     : environment_set(environment, name, *sign == '=' ? sign + 1 : "", error);
    free(name);
    return status;
}

static int apply_kind(struct environment *environment, const struct source_kind *kind,
                      struct error *error)
{
    int status = STATUS_OK;
    for (char *const *line = kind->environment;
         status == STATUS_OK && line != NULL && *line != NULL; line++) {
        status = apply_line(environment, *line, error);
    }
    return status;
}

static int apply_own(const struct config *config, const char *section,
                     struct environment *environment, struct error *error)
{
    char *path = NULL;
    if (asprintf(&path, "%s.workers.env", section) < 0) {
        return error_memory(error);
    }
    int status = env_section_apply(config, path, environment, error);
    free(path);
    return status;
}

int event_environment_make(const struct environment *shared, const struct config *config,
                           const char *section, const struct source_kind *kind,
                           struct environment **made, struct error *error)
{
    struct environment *environment = environment_copy(shared);
    if (environment == NULL) {
        return error_memory(error);
    }
    int status = event_environment_tell(environment, section, kind->name, error);
    status = status != STATUS_OK ? status : apply_kind(environment, kind, error);
    status = status != STATUS_OK ? status : apply_own(config, section, environment, error);
    if (status != STATUS_OK) {
        environment_free(environment);
        return status;
    }
    *made = environment;
    return STATUS_OK;
}
