/* The error of this thread's last failing call. */
#ifndef COYOTE_ABI_LAST_ERROR_H
#define COYOTE_ABI_LAST_ERROR_H

#include "base/error.h"

/* Takes the text over and returns the status; 0 and above leave the last error as it was. */
int last_error_keep(int status, struct error *error);

/* Never NULL. */
const struct error *last_error(void);

/* For the end of the library alone: nothing here may be called after it. */
void last_error_unload(void);

#endif
