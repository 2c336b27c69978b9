/* A small file as one block of text. */
#ifndef COYOTE_CONFIG_FILE_READ_H
#define COYOTE_CONFIG_FILE_READ_H

#include <stddef.h>

#include "base/error.h"

/* STATUS_ESYSTEM, STATUS_ETOOBIG above 4 MiB, or 0: the caller frees *text. Blocks on a pipe. */
int file_read(const char *path, char **text, size_t *size, struct error *error);

#endif
