/* PHP's errors on their way to the log: the fatal ones are remembered, as the reason of an end. */
#ifndef COYOTE_EMBED_ERRORS_H
#define COYOTE_EMBED_ERRORS_H

#include "embed_runtime.h"

/* After PHP's start, which sets its own handler. */
void embed_errors_install(struct embed_runtime *runtime);

/* For reasons that PHP does not report as errors. The first reason of a run stays. */
__attribute__((format(printf, 2, 3))) void embed_errors_fail(struct embed_runtime *runtime,
                                                             const char *format, ...);

void embed_errors_forget(struct embed_runtime *runtime);

#endif
