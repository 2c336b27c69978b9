/* `workers.command` as PHP inside understands it: php [options] SCRIPT ARG... */
#ifndef COYOTE_EMBED_COMMAND_H
#define COYOTE_EMBED_COMMAND_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"

/* Start with {0}; all of it borrows the words that were parsed, `ini` excepted. */
struct embed_command {
    const char *program;  /* "php", "/usr/bin/php8.2" */
    int argc;             /* of the script: itself and its arguments */
    char **argv;          /* argv[0] is the script as it was written */
    struct buffer ini;    /* a line for each -d, as php.ini would have it */
    const char *ini_path; /* -c; NULL: none */
    bool no_ini;          /* -n */
};

/* `words`: NULL-terminated. STATUS_ECONFIG when it is not PHP, has no script, or an option that
   can't be honoured, with the way to mend it. */
int embed_command_parse(struct embed_command *command, char **words, struct error *error);
void embed_command_free(struct embed_command *command);

#endif
