#include "inline_server.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "embed/process/embed_signals.h"

/* What a worker process would be given, PHP inside gets from ours: getenv() and $_SERVER. */
static int set_environment(const struct inline_server *server, struct error *error)
{
    char *const *line = environment_lines(server->environment);
    int status = line == NULL ? STATUS_EMEMORY : STATUS_OK;
    for (; status == STATUS_OK && *line != NULL; line++) {
        char *name = strdup(*line);
        char *value = name == NULL ? NULL : strchr(name, '=');
        if (value != NULL) {
            *value++ = '\0';
            status = setenv(name, value, 1) != 0 ? STATUS_EMEMORY : STATUS_OK;
        } else {
            status = name == NULL ? STATUS_EMEMORY : STATUS_OK;
        }
        free(name);
    }
    if (status != STATUS_OK || setenv("RR_RELAY", "embed", 1) != 0) {
        return error_memory(error);
    }
    return STATUS_OK;
}

static int start_php(struct inline_server *server, struct error *error)
{
    int status = set_environment(server, error);
    if (status == STATUS_OK) {
        status = embed_runtime_start(&server->runtime, &server->command,
                                     inline_executor_host(server->executor), server->log,
                                     server->service, error);
    }
    embed_signals_take_back(server->log, server->service);
    return status;
}

/* A child that the script has forked comes out of its run here too; the server is its parent's. */
static void leave_if_forked(const struct inline_server *server, const struct embed_ending *ending)
{
    if (getpid() != server->pid) {
        _exit(ending->exit_status);
    }
}

static void run_script(struct inline_server *server)
{
    struct error error = {0};
    if (!server->runtime.started && start_php(server, &error) != STATUS_OK) {
        inline_executor_fail(server->executor, &error);
    } else {
        struct embed_ending ending;
        inline_executor_run_begins(server->executor);
        embed_runtime_run(&server->runtime, &ending);
        leave_if_forked(server, &ending);
        embed_signals_take_back(NULL, NULL); /* pcntl resets what it took */
        inline_executor_run_ended(server->executor, &ending);
    }
    error_clear(&error);
}

static int step(struct inline_server *server, struct container *container, struct error *error)
{
    int64_t until =
        server->executor == NULL ? CLOCK_NEVER : inline_executor_deadline(server->executor);
    int status = loop_step(container_loop(container), until, error);
    if (status == STATUS_EINTERRUPTED || status == STATUS_ETIMEOUT) {
        error_clear(error);
        status = STATUS_OK;
    }
    return status;
}

int inline_server_run(struct inline_server *server, struct container *container,
                      struct error *error)
{
    int status = STATUS_OK;
    server->pid = getpid();
    embed_signals_hold();
    while (status == STATUS_OK && !container_done(container)) {
        if (server->executor != NULL && inline_executor_due(server->executor)) {
            run_script(server);
        } else {
            status = step(server, container, error);
        }
    }
    embed_runtime_stop(&server->runtime);
    return status != STATUS_OK ? status : container_result(container, error);
}

void inline_server_free(struct inline_server *server)
{
    embed_command_free(&server->command);
    free(server->words);
}
