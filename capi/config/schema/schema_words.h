/* The two halves of a message: what was found, and what a schema allows. */
#ifndef COYOTE_CONFIG_SCHEMA_WORDS_H
#define COYOTE_CONFIG_SCHEMA_WORDS_H

#include <jansson.h>
#include <stdbool.h>

bool schema_has_type(const json_t *schema, const char *type);
bool schema_has_format(const json_t *schema, const char *format);

/* Each is a text that the caller frees; NULL when memory ran out. */

/* `the text "two"`, `the integer 5`, `nothing`, `a list` */
char *words_found(const json_t *value);

/* `an integer from 1 to 500`, `one of "text", "json"` */
char *words_expected(const json_t *schema);

/* A value as it may be written in a file, on one line. */
char *words_value(const json_t *value);

/* A value that the schema allows, for a key that is missing: an example, or made up by the types.
 */
char *words_example(const json_t *schema);

#endif
