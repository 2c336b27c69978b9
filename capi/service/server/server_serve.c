#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "server_assemble.h"
#include "server_commands.h"
#include "server_init.h"
#include "server_log.h"

static void say_hello(struct server *server, const struct server_program *program)
{
    struct buffer names = {0};
    const struct service *service = NULL;
    for (size_t i = 0; (service = container_service(server->container, i)) != NULL; i++) {
        if (event_service_is(service)) {
            struct bytes so_far = buffer_unread(&names);
            buffer_print(&names, "%s%s", so_far.size == 0 ? "" : ", ", service->name);
        }
    }
    struct bytes all = buffer_unread(&names);
    log_write(&server->console.log, LOG_LEVEL_INFO, NULL, 0, "%s %s, pid %d, serves %s: %.*s",
              program->name, COYOTE_VERSION, (int)getpid(), server->file, (int)all.size,
              (const char *)all.data);
    buffer_free(&names);
    if (server_init_is_above()) {
        log_write(&server->console.log, LOG_LEVEL_INFO, NULL, 0,
                  "process 1 is an init of our own, which reaps orphans and forwards signals; the "
                  "server is pid %d",
                  (int)getpid());
    }
}

/* A script or file that was not found was looked for here. */
static void say_where(struct log *log)
{
    char *folder = getcwd(NULL, 0);
    log_write(log, LOG_LEVEL_ERROR, NULL, 0, "stopped after a failure; the working directory is %s",
              folder != NULL ? folder : "gone");
    free(folder);
}

/* The last line of the log; a service's failure has been told where it happened. */
static int say_goodbye(struct server *server, int status, const struct error *error)
{
    struct log *log = &server->console.log;
    int signal = 0;
    unsigned signals = container_signals(server->container, &signal);
    if (status != STATUS_OK && container_result(server->container, NULL) == STATUS_OK) {
        log_write(log, LOG_LEVEL_ERROR, NULL, 0, "%s", error_text(error));
    }
    if (signals > 1) {
        log_write(log, LOG_LEVEL_WARNING, NULL, 0, "stopped at once by signal %d", signal);
        return SERVER_EXIT_SIGNAL + signal;
    }
    if (status != STATUS_OK) {
        say_where(log);
        return SERVER_EXIT_FAILED;
    }
    log_write(log, LOG_LEVEL_INFO, NULL, 0, signals > 0 ? "stopped" : "all services have ended");
    return SERVER_EXIT_OK;
}

static int run(struct server *server, const struct server_program *program)
{
    struct error error = {0};
    /* what was started ends in run, whether all could be started or not */
    container_serve(server->container, NULL);
    int status = program->run != NULL ? program->run(program->data, server->container, &error)
                                      : container_run(server->container, &error);
    int code = say_goodbye(server, status, &error);
    error_clear(&error);
    return code;
}

static int serve(const struct server_program *program, const struct server_options *options)
{
    struct server server;
    struct error error = {0};
    int code = SERVER_EXIT_FAILED;
    /* a log whose reader has gone must not end the server */
    signal(SIGPIPE, SIG_IGN);
    int status = server_assemble(&server, program, options, &error);
    /* one that comes when the handlers have been given back finds a server that ends anyhow, and
       must not take its exit code from it */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    status = status != STATUS_OK
                 ? status
                 : container_take_signals(server.container, program->at_once, &error);
    if (status != STATUS_OK) {
        server_log_complain(&server.console, program->name, &error);
    } else {
        say_hello(&server, program);
        code = run(&server, program);
    }
    server_disassemble(&server);
    error_clear(&error);
    return code;
}

/* In process 1: the server under it has ended, or never was. */
static int end_init(const struct server_program *program, const struct server_options *options,
                    const struct server_init *init, const struct error *error)
{
    struct log_console console;
    server_log_init(&console, options);
    if (error->status != STATUS_OK) {
        server_log_complain(&console, program->name, error);
    } else if (init->signal != 0) {
        log_write(&console.log, LOG_LEVEL_ERROR, NULL, 0,
                  "process 1: the server, pid %d, was ended by signal %d (%s)", (int)init->server,
                  init->signal, strsignal(init->signal));
    }
    log_console_free(&console);
    return error->status != STATUS_OK ? SERVER_EXIT_FAILED : init->code;
}

int server_serve(const struct server_program *program, const struct server_options *options)
{
    struct server_init init;
    struct error error = {0};
    int status = server_init_enter(&init, &error);
    int code = status == STATUS_OK && init.server == 0 ? serve(program, options)
                                                       : end_init(program, options, &init, &error);
    error_clear(&error);
    return code;
}
