/* A small file as one block of text. */
#ifndef COYOTE_CONFIG_FILE_READ_H
#define COYOTE_CONFIG_FILE_READ_H

#include <stddef.h>

#include "base/error.h"

enum { FILE_LIMIT = 4 << 20 };

/* STATUS_ETOOBIG, and the words. */
int file_too_large(const char *path, struct error *error);

/* STATUS_ESYSTEM, STATUS_ETOOBIG above FILE_LIMIT, or 0: the caller frees *text. Blocks on a pipe. */
int file_read(const char *path, char **text, size_t *size, struct error *error);

#endif
