/* A walk over a section beside its schema; for this floor alone. */
#ifndef COYOTE_CONFIG_SCHEMA_CHECK_H
#define COYOTE_CONFIG_SCHEMA_CHECK_H

#include "config_tree.h"
#include "key_path.h"

struct check {
    struct config *config;
    struct mistakes mistakes; /* memory that ran out is noted here as well */
    struct key_path path;     /* of the value at hand, as the user spelled it */
};

/* Each check gives a new value to put in place of the old one, or NULL to keep it. */
json_t *check_value(struct check *check, const json_t *schema, json_t *value);
json_t *check_duration(struct check *check, const json_t *schema, json_t *value);
json_t *check_size(struct check *check, const json_t *schema, json_t *value);

void check_object(struct check *check, const json_t *schema, json_t *object);
void check_command(struct check *check, const char *command);
void check_range(struct check *check, const json_t *schema, const json_t *found,
                 const json_t *value);
bool check_enum(struct check *check, const json_t *schema, const json_t *value);

/* "found ...; expected ..." and what is added to it. */
void check_unexpected(struct check *check, const json_t *schema, const json_t *found,
                      const char *hint);

void check_memory(struct check *check);

#endif
