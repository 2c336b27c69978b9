/* The ini settings of the command line's php, for a libphp that was built with others. */
#ifndef COYOTE_EMBED_INI_H
#define COYOTE_EMBED_INI_H

#include "embed_command.h"

/* What overrides the ini files: the command line's fixed settings, then each -d. Owned by the
   caller; NULL when memory ran out. */
char *embed_ini_entries(const struct embed_command *command);

/* Where php.ini is looked for, in the order in which the command line's php looks. `binary`: the
   php of the command line, may be NULL. Owned by the caller; NULL when memory ran out. */
char *embed_ini_search_path(const struct embed_command *command, const char *binary);

/* The directories whose ini files are all read: $PHP_INI_SCAN_DIR, in which an empty element
   stands for the directory that php was built with. Owned by the caller. */
char *embed_ini_scan_path(const char *from_environment);

/* The php of the command line: `program` looked up like a shell does, or the one that this was
   built beside. Owned by the caller; NULL: none, or memory ran out. */
char *embed_ini_binary(const char *program);

#endif
