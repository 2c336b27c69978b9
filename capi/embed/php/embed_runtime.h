/* PHP inside this process: there can be one. Started once, runs its script again and again, each
   time as a fresh request. This header has nothing of PHP's, so that all may include it. */
#ifndef COYOTE_EMBED_RUNTIME_H
#define COYOTE_EMBED_RUNTIME_H

#include "base/error.h"
#include "embed/command/embed_command.h"
#include "embed_host.h"
#include "embed/process/embed_output.h"

/* How a run of the script ended. */
struct embed_ending {
    int exit_status;
    const char *failure; /* PHP's words for what ended it, one line; NULL: it ended by itself */
};

struct embed_runtime {
    const struct embed_command *command;
    struct embed_host *host;
    struct embed_output output;
    int directory;     /* the working directory that every run begins in */
    char *ini_entries; /* what PHP's start reads, it keeps the pointers */
    char *ini_path;
    char *binary;
    char *failure; /* of this run: the first thing that was fatal */
    bool failed;   /* set even where there was no memory for `failure` */
    bool started;
};

/* The version of the libphp that was loaded. Only after embed_runtime_start: it does not tell
   before. */
const char *embed_runtime_loaded(void);

/* Starts PHP (a NULL host: no script will be run): reads the ini files of the command line's php,
   loads the extensions. Everything that it is given is borrowed until embed_runtime_stop. Leaves
   the signals as they were, but for SIGPIPE, which is ignored as PHP's own command line does. Not
   to be called twice in a process: PHP leaks on a second start. STATUS_ECONFIG when libphp is not
   the one that it was built for. */
int embed_runtime_start(struct embed_runtime *runtime, const struct embed_command *command,
                        struct embed_host *host, struct log *log, const char *service,
                        struct error *error);

/* Runs the script to its end. What is in *ending lives until the next run. */
void embed_runtime_run(struct embed_runtime *runtime, struct embed_ending *ending);

/* Harmless when it is all zeros. */
void embed_runtime_stop(struct embed_runtime *runtime);

#endif
