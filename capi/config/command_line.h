/* A command as users write it, taken apart by a shell's quoting rules, without a shell. */
#ifndef COYOTE_CONFIG_COMMAND_LINE_H
#define COYOTE_CONFIG_COMMAND_LINE_H

#include "base/error.h"

/* 'single', "double" (with \" \\ \$ \`), and \x outside quotes. Pipes, redirections, variables and
   globs are a shell's: unquoted ones, and variables in double quotes, are mistakes that say
   `sh -c "..."`; NAME=value before the program is one that says `env`. STATUS_EINVAL.
   A NULL-terminated array in one block that the caller frees; NULL on failure. */
char **command_line_split(const char *command, struct error *error);

#endif
