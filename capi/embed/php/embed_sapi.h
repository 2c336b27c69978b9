/* Our SAPI: how PHP talks to its surroundings. Called `cli`, since applications ask for that. */
#ifndef COYOTE_EMBED_SAPI_H
#define COYOTE_EMBED_SAPI_H

#include <php.h>

#include <SAPI.h>

#include "embed_runtime.h"

/* Ready for php_module_startup; its callbacks serve this runtime from now on. */
sapi_module_struct *embed_sapi_startup(struct embed_runtime *runtime);

#endif
