/* Group: server. */
#include "abi_server.h"

#include <stdlib.h>

#include "abi_check.h"
#include "abi_config.h"
#include "handle.h"
#include "last_error.h"

struct abi_server *abi_server_find(coy_server *server)
{
    struct error error = {0};
    struct abi_server *found = handle_find(HANDLE_SERVER, server);
    int status = found == NULL ? handle_error(HANDLE_SERVER, server, &error)
                               : server_host_own(found->host, &error);
    last_error_keep(status, &error);
    return status == STATUS_OK ? found : NULL;
}

static void abi_server_free(struct abi_server *server)
{
    if (server != NULL) {
        log_place_clear(&server->log);
        abi_sources_free(server);
        server_host_free(server->host);
        free(server);
    }
}

void abi_server_leave(struct abi_server *server)
{
    if (occupancy_leave(&server->occupancy)) {
        abi_server_free(server);
    }
}

void abi_server_unload(struct abi_server *server)
{
    if (occupancy_is_empty(&server->occupancy)) {
        abi_server_free(server);
    }
}

/* Takes the config over, unless it fails. */
static coy_server *make(struct config *config, struct error *error)
{
    struct abi_server *server = calloc(1, sizeof *server);
    void *handle = server == NULL ? NULL : handle_new(HANDLE_SERVER, server);
    if (handle == NULL) {
        free(server);
        error_memory(error);
        return NULL;
    }
    list_init(&server->sources);
    server->host = server_host_new(config, error);
    if (server->host == NULL) {
        handle_take(HANDLE_SERVER, handle);
        free(server);
        return NULL;
    }
    return handle;
}

coy_server *coy_server_new(coy_config *config)
{
    struct error error = {0};
    struct config *found = abi_config_find(config, &error);
    coy_server *server = found == NULL ? NULL : make(found, &error);
    if (server != NULL) {
        abi_config_take(config);
    }
    last_error_keep(server == NULL ? error.status : STATUS_OK, &error);
    return server;
}

static coy_server *make_of_file(const char *path, struct error *error)
{
    struct config *config = config_new();
    coy_server *server = NULL;
    if (config == NULL) {
        error_memory(error);
    } else if (abi_text_check(path, "path", error) == STATUS_OK &&
               config_read_file(config, path, error) == STATUS_OK) {
        server = make(config, error);
    }
    if (server == NULL) {
        config_free(config);
    }
    return server;
}

coy_server *coy_server_new_from_file(const char *path)
{
    struct error error = {0};
    coy_server *server = make_of_file(path, &error);
    last_error_keep(server == NULL ? error.status : STATUS_OK, &error);
    return server;
}

static coy_source *make_source(struct abi_server *server, const char *kind, struct error *error)
{
    if (abi_text_check(kind, "kind", error) != STATUS_OK) {
        return NULL;
    }
    struct host_source *events = server_host_register(server->host, kind, error);
    return events == NULL ? NULL : abi_source_make(server, events, error);
}

coy_source *coy_server_register(coy_server *server, const char *kind)
{
    struct error error = {0};
    struct abi_server *found = abi_server_find(server);
    if (found == NULL) {
        return NULL;
    }
    coy_source *source = make_source(found, kind, &error);
    last_error_keep(source == NULL ? error.status : STATUS_OK, &error);
    return source;
}

int coy_server_check(coy_server *server)
{
    struct error error = {0};
    struct abi_server *found = abi_server_find(server);
    return found == NULL ? coy_error_status()
                         : last_error_keep(server_host_prepare(found->host, &error), &error);
}

int coy_server_take_signals(coy_server *server)
{
    struct error error = {0};
    struct abi_server *found = abi_server_find(server);
    return found == NULL ? coy_error_status()
                         : last_error_keep(server_host_take_signals(found->host, &error), &error);
}

int coy_server_release_signals(coy_server *server)
{
    struct abi_server *found = abi_server_find(server);
    if (found == NULL) {
        return coy_error_status();
    }
    server_host_release_signals(found->host);
    return COY_OK;
}

/* A call that waits. */
static int run(coy_server *server, int64_t timeout_ms,
               int (*call)(struct server_host *host, int64_t timeout, struct error *error))
{
    struct error error = {0};
    struct abi_server *found = abi_server_find(server);
    if (found == NULL) {
        return coy_error_status();
    }
    occupancy_enter(&found->occupancy);
    int status = call(found->host, timeout_ms, &error);
    abi_server_leave(found);
    return last_error_keep(status, &error);
}

int coy_server_step(coy_server *server, int64_t timeout_ms)
{
    return run(server, timeout_ms, server_host_step);
}

int coy_server_serve(coy_server *server, int64_t timeout_ms)
{
    return run(server, timeout_ms, server_host_serve);
}

int coy_server_fd(coy_server *server)
{
    struct abi_server *found = abi_server_find(server);
    return found == NULL ? coy_error_status() : server_host_fd(found->host);
}

int coy_server_reset(coy_server *server)
{
    struct error error = {0};
    struct abi_server *found = abi_server_find(server);
    return found == NULL ? coy_error_status()
                         : last_error_keep(server_host_reset(found->host, &error), &error);
}

int coy_server_stop(coy_server *server)
{
    struct abi_server *found = abi_server_find(server);
    if (found == NULL) {
        return coy_error_status();
    }
    server_host_stop(found->host);
    return COY_OK;
}

int coy_server_stop_now(coy_server *server)
{
    struct abi_server *found = abi_server_find(server);
    if (found == NULL) {
        return coy_error_status();
    }
    server_host_stop_now(found->host);
    return COY_OK;
}

coy_log_line *coy_server_log_next(coy_server *server)
{
    struct abi_server *found = abi_server_find(server);
    return found == NULL ? NULL : log_place_step(&found->log, server_host_log_next(found->host));
}

void coy_server_free(coy_server *server)
{
    struct abi_server *found = handle_take(HANDLE_SERVER, server);
    if (found == NULL || !occupancy_end(&found->occupancy)) {
        return;
    }
    abi_server_free(found);
}
