/* Keys that a schema does not know: which ones were meant. */
#ifndef COYOTE_CONFIG_SCHEMA_UNKNOWN_H
#define COYOTE_CONFIG_SCHEMA_UNKNOWN_H

#include "schema_check.h"

/* By its own name or an alias. */
bool schema_knows(json_t *properties, const char *key);

/* One mistake for the key; the property that it seems to mean is noted in `meant`, so that it is
   not said to be missing as well. */
void refuse_unknown(struct check *check, json_t *properties, const char *key, json_t *meant);

#endif
