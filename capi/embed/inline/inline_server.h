/* coyote-embed, inline: one event service whose PHP runs in this process. */
#ifndef COYOTE_EMBED_INLINE_SERVER_H
#define COYOTE_EMBED_INLINE_SERVER_H

#include "container/environment.h"
#include "embed/php/embed_runtime.h"
#include "inline_executor.h"
#include "service/event/event_service.h"

/* Start with {0}. */
struct inline_server {
    struct inline_executor *executor; /* the service's, which frees it */
    const char *service;
    struct log *log;
    pid_t pid;
    struct environment *environment; /* borrowed from the service */
    char **words;                    /* of workers.command */
    struct embed_command command;
    struct embed_runtime runtime;
};

/* Makes the executor of the one service; a second one is a mistake of the config. */
struct event_executor_factory inline_server_factory(struct inline_server *server);

/* In place of container_run: runs the script whenever it is due, steps the loop otherwise. */
int inline_server_run(struct inline_server *server, struct container *container,
                      struct error *error);

void inline_server_free(struct inline_server *server);

#endif
