/* Which file a command's first word means. */
#ifndef COYOTE_WORKER_COMMAND_PATH_H
#define COYOTE_WORKER_COMMAND_PATH_H

#include "base/error.h"

/* The word itself when it has a slash, else the first match in the PATH of `environment`.
   The caller frees it. STATUS_EWORKER, with the places that were looked at; STATUS_EMEMORY. */
int command_path_find(const char *command, char *const *environment, char **path,
                      struct error *error);

#endif
