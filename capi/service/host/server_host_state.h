/* What the files of a program's server share. */
#ifndef COYOTE_SERVICE_HOST_SERVER_HOST_STATE_H
#define COYOTE_SERVICE_HOST_SERVER_HOST_STATE_H

#include "container/container.h"
#include "loop/loop.h"
#include "service/host/server_host.h"
#include "source/source_registry.h"

/* A kind that the program has registered. */
struct server_source {
    struct list_node node;
    struct host_source *events;
    const struct service *service; /* NULL: no section is of it, or not known yet */
    char *section;                 /* the source's own keys as JSON text, if there is one */
};

struct server_host {
    struct config *config;
    struct log_queue log;
    struct source_registry *registry;
    struct container *container;
    struct list sources;  /* in the order of registration */
    bool prepared;        /* the config was checked, whatever came of it */
    bool served;          /* its services were told to start */
    bool over;            /* they have all ended, or never will start */
    bool told;            /* the program knows that */
    bool polled;          /* somebody has asked for the descriptor */
    struct error failure; /* why it is over, if not well */
};

/* --- server_host_sources.c --- */

/* Once the services are made: which is whose. STATUS_EMEMORY. */
int server_host_bind(struct server_host *host, struct error *error);

/* None of them will be served, or not any more. */
void server_host_leave_sources(struct server_host *host, const char *reason);

bool server_host_has_outcome(const struct server_host *host);

void server_host_free_sources(struct server_host *host);

/* --- server_host_run.c --- */

/* After whatever may have ended it, or settled an event. */
void server_host_look(struct server_host *host);

#endif
