/* A scalar of YAML by the rules of its core schema. */
#ifndef COYOTE_CONFIG_SCALAR_H
#define COYOTE_CONFIG_SCALAR_H

#include <jansson.h>

#include "document.h"

/* A new value; NULL with *problem, or with a NULL *problem when memory ran out. */
json_t *scalar_resolve(const struct node *node, const char **problem);

#endif
