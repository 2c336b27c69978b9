/* Group: server. */
#include <bindings.h>

coy_server *coy_server_new(coy_config *config)
{
    (void)config;
    return NULL;
}

coy_server *coy_server_new_from_file(const char *path)
{
    (void)path;
    return NULL;
}

coy_source *coy_server_register(coy_server *server, const char *kind)
{
    (void)server;
    (void)kind;
    return NULL;
}

int coy_server_check(coy_server *server)
{
    (void)server;
    return COY_ESTATE;
}

int coy_server_take_signals(coy_server *server)
{
    (void)server;
    return COY_ESTATE;
}

int coy_server_release_signals(coy_server *server)
{
    (void)server;
    return COY_ESTATE;
}

int coy_server_step(coy_server *server, int64_t timeout_ms)
{
    (void)server;
    (void)timeout_ms;
    return COY_ESTATE;
}

int coy_server_serve(coy_server *server, int64_t timeout_ms)
{
    (void)server;
    (void)timeout_ms;
    return COY_ESTATE;
}

int coy_server_fd(coy_server *server)
{
    (void)server;
    return COY_ESTATE;
}

int coy_server_reset(coy_server *server)
{
    (void)server;
    return COY_ESTATE;
}

int coy_server_stop(coy_server *server)
{
    (void)server;
    return COY_ESTATE;
}

int coy_server_stop_now(coy_server *server)
{
    (void)server;
    return COY_ESTATE;
}

coy_log_line *coy_server_log_next(coy_server *server)
{
    (void)server;
    return NULL;
}

void coy_server_free(coy_server *server)
{
    (void)server;
}
