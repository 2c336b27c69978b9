/* What JSON writes in another way than YAML does. */
#ifndef COYOTE_CONFIG_JSON_PAIRS_H
#define COYOTE_CONFIG_JSON_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the text is JSON: its first character that is not blank opens an object. */
bool json_pairs_needed(const char *text, size_t size);

/* JSON escapes a character beyond U+FFFF as two halves, "\ud83d\ude00", YAML as "\U0001f600".
   A copy in YAML's way, never longer, that the caller frees; NULL when memory ran out. Columns to
   the right of such a character are two less for each. */
char *json_pairs_join(const char *text, size_t *size);

#endif
