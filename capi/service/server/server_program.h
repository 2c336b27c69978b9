/* A server's main: the commands serve, check, version and help, with their options. */
#ifndef COYOTE_SERVICE_SERVER_SERVER_PROGRAM_H
#define COYOTE_SERVICE_SERVER_SERVER_PROGRAM_H

#include "service/event/event_service.h"

/* Also in the help. */
enum server_exit {
    SERVER_EXIT_OK = 0,
    SERVER_EXIT_FAILED = 1, /* the config is wrong, or a service failed */
    SERVER_EXIT_USAGE = 2,
    SERVER_EXIT_SIGNAL = 128 /* and the number of the second signal, which stopped it at once */
};

/* In what the binaries differ. All functions but factory.make may be NULL. */
struct server_program {
    const char *name;    /* "coyote" */
    const char *summary; /* the help's first line */
    struct event_executor_factory factory;
    /* After the services are registered and before their init: mistakes of the program's own, told
       together with all others. The config has been read, sections are not checked yet. */
    int (*check)(void *data, struct container *container, struct config *config,
                 struct error *error);
    /* In place of container_run, after container_serve: steps the loop until container_done. */
    int (*run)(void *data, struct container *container, struct error *error);
    /* From the handler of each INT and TERM itself; see container_take_signals. */
    void (*at_once)(int signal, unsigned count);
    /* More lines for the command version: what is inside. */
    void (*print_version)(void);
    void *data; /* of check and run */
};

/* The whole of main: returns the exit code. Once in a process. */
int server_main(const struct server_program *program, int argc, char **argv);

#endif
