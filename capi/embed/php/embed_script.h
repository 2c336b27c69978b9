/* One run of the script: a whole request of PHP's. */
#ifndef COYOTE_EMBED_SCRIPT_H
#define COYOTE_EMBED_SCRIPT_H

#include "embed_runtime.h"

/* Sets the exit status; reasons go to embed_errors_fail. */
void embed_script_run(struct embed_runtime *runtime, int *exit_status);

#endif
