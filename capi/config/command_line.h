/* A command as users write it, taken apart by a shell's quoting rules, without a shell. */
#ifndef COYOTE_CONFIG_COMMAND_LINE_H
#define COYOTE_CONFIG_COMMAND_LINE_H

#include "base/error.h"

/* 'single', "double" (with \" \\ \$ \`), and \x outside quotes. Pipes, redirections, variables and
   globs are a shell's: unquoted ones are mistakes that say `sh -c "..."`.
   A NULL-terminated array in one block that the caller frees; NULL on failure. */
char **command_line_split(const char *command, struct error *error);

#endif
