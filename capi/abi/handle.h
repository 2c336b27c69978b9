/* Handles: numbers dressed as pointers. A slot of a table and the generation of what lies there, so
   that a stale, foreign or NULL one is noticed and never dereferenced. */
#ifndef COYOTE_ABI_HANDLE_H
#define COYOTE_ABI_HANDLE_H

#include "base/error.h"

enum handle_kind {
    HANDLE_NONE,
    HANDLE_CONFIG,
    HANDLE_LOG_LINE,
    HANDLE_POOL,
    HANDLE_REPLY,
    HANDLE_SERVER,
    HANDLE_SOURCE,
    HANDLE_RELAY
};

/* NULL when memory ran out. */
void *handle_new(enum handle_kind kind, void *object);

/* The object; NULL for anything that is not a live handle of this kind. */
void *handle_find(enum handle_kind kind, const void *handle);

/* Makes the handle stale and returns the object, or NULL. */
void *handle_take(enum handle_kind kind, const void *handle);

/* For the end of the library alone: ends what is still live and frees the table. */
void handle_unload(void (*end)(enum handle_kind kind, void *object));

/* STATUS_EHANDLE in words: NULL, or freed, or of another kind. */
int handle_error(enum handle_kind kind, const void *handle, struct error *error);

#endif
