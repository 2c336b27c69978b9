/* The language of schemas: a subset of JSON Schema, written as JSON text.
     type                   object, array, string, integer, number, boolean
     properties             of an object; other keys are mistakes that name the nearest known one
     additionalProperties   a schema for the other keys instead (env: any key, a string each);
                            true: any other keys
     items                  of an array
     required               keys of an object that must be there
     enum, const            allowed values
     minimum, maximum       of integers, numbers and durations (those in milliseconds)
     default                put in when the key is absent; a nested object's defaults as well,
                            unless the object's own is null: then it stays absent
     aliases                ours: other spellings of this key, e.g. ["numWorkers"]
     description, title     for editors
     examples               values that a message shows when the key is missing
     errorMessage           ours: the words for a value that breaks minimum or maximum
     $schema, $id, $comment for editors
     format: "duration"     type string or integer: a bare integer is seconds whatever its size,
                            text is "250ms", "1m30s"; becomes an integer of milliseconds;
                            never negative
     format: "size"         an integer of bytes or text such as "64MiB", "512KB"; becomes bytes
     format: "command"      a non-empty command line (config/command_line.h)
*/
#ifndef COYOTE_CONFIG_SCHEMA_H
#define COYOTE_CONFIG_SCHEMA_H

#include <jansson.h>

#include "base/error.h"

/* Our own schemas are literals: a mistake in one is STATUS_EINVAL and found by the tests.
   The caller owns what comes back. NULL on failure. */
json_t *schema_parse(const char *text, struct error *error);

#endif
