/* The built-in module `coyote`: the functions Coyote\Embed\receive, send, error and stop. */
#ifndef COYOTE_EMBED_MODULE_H
#define COYOTE_EMBED_MODULE_H

#include <php.h>

#include "embed_runtime.h"

/* Ready for php_module_startup; its functions ask this runtime's host from now on. */
zend_module_entry *embed_module_entry(struct embed_runtime *runtime);

/* Leaves the functions out: a PHP of another version would misread their table. */
void embed_module_withhold(void);

/* Lets go of the strings of the last answer: after the host has settled or kept it. */
void embed_module_release(void);

#endif
