/* What a coy_server and its coy_sources stand for, shared by the files of their groups. */
#ifndef COYOTE_ABI_ABI_SERVER_H
#define COYOTE_ABI_ABI_SERVER_H

#include <bindings.h>

#include "base/list.h"
#include "log_line.h"
#include "occupancy.h"
#include "service/host/server_host.h"

struct abi_server {
    struct server_host *host;
    struct list sources;  /* abi_source */
    struct log_place log; /* where coy_server_log_next stands */
    struct occupancy occupancy;
};

struct abi_source {
    struct list_node node;
    struct abi_server *server;
    struct host_source *events;
    coy_source *handle;
};

/* The server, if it is one and of this process; NULL with the error kept. */
struct abi_server *abi_server_find(coy_server *server);

/* The same for a source. */
struct abi_source *abi_source_find(coy_source *source);

/* The handle of a source that the server has just made; NULL: STATUS_EMEMORY. */
coy_source *abi_source_make(struct abi_server *server, struct host_source *events,
                            struct error *error);

/* Its sources' handles are stale from now on. */
void abi_sources_free(struct abi_server *server);

/* Frees it, unless a thread waits inside. */
void abi_server_unload(struct abi_server *server);

/* After a call that waits, which began by occupancy_enter: it may be gone then. */
void abi_server_leave(struct abi_server *server);

#endif
