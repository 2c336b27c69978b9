/* The YAML parser's complaints in plain words. */
#ifndef COYOTE_CONFIG_DOCUMENT_PROBLEM_H
#define COYOTE_CONFIG_DOCUMENT_PROBLEM_H

#include <yaml.h>

#include "base/error.h"
#include "position.h"

/* Why the parser stopped: STATUS_ECONFIG or STATUS_EMEMORY. `text` is what it was given. */
int document_problem(const yaml_parser_t *parser, const struct origin *origin, const char *text,
                     size_t size, struct error *error);

#endif
