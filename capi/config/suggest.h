/* "Did you mean ...?": the known word that a misspelt one is nearest to. */
#ifndef COYOTE_CONFIG_SUGGEST_H
#define COYOTE_CONFIG_SUGGEST_H

#include <stddef.h>

/* One of `known`, or NULL when none is near enough to be meant. Case, "_" and "-" do not count; two
   letters swapped are one slip. Of words equally near the first wins. Allocates nothing. */
const char *suggest_nearest(const char *word, const char *const *known, size_t count);

#endif
