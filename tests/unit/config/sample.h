/* What the tests of configs share: a section like the ticker's, and short ways to read. */
#ifndef COYOTE_TESTS_CONFIG_SAMPLE_H
#define COYOTE_TESTS_CONFIG_SAMPLE_H

#include "config/config.h"
#include "config/schema.h"

/* JSON text of a schema that has every word of the language. */
extern const char sample_schema[];

/* A text as the file ".rr.yaml", with the options after it, the last one NULL; then checked with
   the schema at "ticker". Gives the tree as JSON, or the error's text; the caller frees it. */
char *sample_check(const char *text, const char *const *options);

/* The same without a check. */
char *sample_read(const char *text, const char *const *options);

/* Asserts what came out of either, and frees it. */
void sample_expect(char *outcome, const char *expected);

#endif
