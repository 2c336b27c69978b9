/* A configuration: one JSON tree and, beside it, where each value was written. */
#ifndef COYOTE_CONFIG_CONFIG_H
#define COYOTE_CONFIG_CONFIG_H

#include <jansson.h>

#include "base/error.h"

struct config;

/* Empty: {}. NULL when memory ran out. */
struct config *config_new(void);
void config_free(struct config *config);

/* Reads YAML or JSON (by the file's first character, not by its name). A key with dots is the same
   as nesting. All the mistakes of the file are in one error, a line each:
   `.rr.yaml:3:5: ticker.interval: ...`. What is read later wins, value by value; mappings are
   joined. After a failure the config is as it was (not when memory ran out), but of keys that are
   given twice it has the first, so that checks find what else is wrong. STATUS_ECONFIG,
   STATUS_ESYSTEM, or STATUS_ETOOBIG above 4 MiB; blocks on a pipe. */
int config_read_file(struct config *config, const char *path, struct error *error);

/* The same for text at hand; `name` stands for the file in messages. */
int config_read_text(struct config *config, const char *name, const char *text, size_t size,
                     struct error *error);

/* A copy that can be changed by itself. NULL when memory ran out. */
struct config *config_copy(const struct config *config);

/* Puts a copy of what stands at `path` under a key of another config, which has nothing there, with the
   positions that it has; where there is nothing, nothing. 0 or STATUS_EMEMORY. */
int config_graft(struct config *to, const char *key, const struct config *from, const char *path);

/* One value, read as YAML, from a program: positions say `CALLER("KEY")`. After a failure the config is
   as it was (not when memory ran out). */
int config_set(struct config *config, const char *caller, const char *key, const char *value,
               struct error *error);

/* `-o ticker.interval=250ms`: the value is read as YAML; positions say "option -o ...". */
int config_override(struct config *config, const char *assignment, struct error *error);

/* Borrowed; NULL when there is none. The path is dotted, "plugins[0]" is a list's item; "" is the
   whole tree. */
json_t *config_find(const struct config *config, const char *path);

/* "file:line:column", "option -o KEY", `CALLER("KEY")` or "default"; borrowed, never NULL. Of a path that is absent:
   where the nearest key that should hold it is. */
const char *config_position(const struct config *config, const char *path);

/* Checks the section at `path` against a schema (config/schema.h), puts defaults in and turns
   durations into whole milliseconds. An absent section is checked as an empty one. May be called
   again. All its mistakes are in one error, a line each: STATUS_ECONFIG. */
int config_check(struct config *config, const char *path, const json_t *schema,
                 struct error *error);

/* For mistakes that a schema can't express: one line, with the position of `path` before it. */
__attribute__((format(printf, 4, 5))) int config_mistake(const struct config *config,
                                                         const char *path, struct error *error,
                                                         const char *format, ...);

/* The same with the position of the key itself, not of its value: a key that should not be there. */
__attribute__((format(printf, 4, 5))) int config_key_mistake(const struct config *config,
                                                             const char *path, struct error *error,
                                                             const char *format, ...);

#endif
