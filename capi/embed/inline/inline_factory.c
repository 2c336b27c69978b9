#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "config/command_line.h"
#include "inline_server.h"
#include "service/event/workers_section.h"

#define ELSEWHERE "use `coyote serve`, which runs worker processes"

/* config_mistake at a key of the section. */
static int mistake(const struct event_executor_request *request, const char *key,
                   struct error *error, const char *words)
{
    char *path = NULL;
    if (asprintf(&path, "%s%s", request->service, key) < 0) {
        return error_memory(error);
    }
    int status = config_mistake(request->config, path, error, "%s", words);
    free(path);
    return status;
}

/* Whether a key of the section was written, and is not only a default. */
static bool written(const struct event_executor_request *request, const char *key)
{
    char *path = NULL;
    if (asprintf(&path, "%s.%s", request->service, key) < 0) {
        return false;
    }
    bool found = config_find(request->config, path) != NULL &&
                 strcmp(config_position(request->config, path), "default") != 0;
    free(path);
    return found;
}

/* One config serves both binaries, so these are no mistakes; but nobody should count on them. */
static void tell_of_vain_keys(const struct event_executor_request *request)
{
    static const char *const of_processes[] = {
        "workers.protocol",
        "workers.relay",
        "workers.pool.allocate_timeout",
        "workers.pool.destroy_timeout",
        "workers.pool.reset_timeout",
        "workers.pool.prefetch",
        "workers.pool.max_queue_size",
        "workers.pool.debug",
        "workers.pool.dynamic_allocator",
        "workers.pool.supervisor.watch_tick",
        "workers.pool.supervisor.ttl",
        "workers.pool.supervisor.idle_ttl",
        "workers.pool.supervisor.exec_ttl",
        "workers.pool.supervisor.max_worker_memory",
    };
    struct buffer keys = {0};
    for (size_t i = 0; i < sizeof of_processes / sizeof *of_processes; i++) {
        if (written(request, of_processes[i])) {
            bool first = buffer_unread(&keys).size == 0;
            buffer_print(&keys, "%s%s", first ? "" : ", ", of_processes[i]);
        }
    }
    struct bytes all = buffer_unread(&keys);
    if (all.size > 0) {
        log_write(request->log, LOG_LEVEL_WARNING, request->service, 0,
                  "no effect inside coyote-embed, where there is no worker process: %.*s",
                  (int)all.size, (const char *)all.data);
    }
    buffer_free(&keys);
}

/* The default, a worker for each CPU, is for processes; only a number that was written counts. */
static int check_workers(const struct event_executor_request *request,
                         const struct workers_section *workers, struct error *error)
{
    if (!written(request, "workers.pool.num_workers") || workers->num_workers <= 1) {
        return STATUS_OK;
    }
    return mistake(request, ".workers.pool.num_workers", error,
                   "coyote-embed runs PHP in its own process, so there is one worker: leave "
                   "num_workers out, or " ELSEWHERE);
}

/* Not only without effect: PHP would run with the rights that the config wants to take from it. */
static int check_user(const struct event_executor_request *request,
                      const struct workers_section *workers, struct error *error)
{
    return workers->user == NULL
               ? STATUS_OK
               : mistake(request, ".workers.user", error,
                         "coyote-embed runs PHP in its own process, as the user that started it: "
                         "leave user out and start coyote-embed as that user, or " ELSEWHERE);
}

static int check_single(const struct inline_server *server,
                        const struct event_executor_request *request, struct error *error)
{
    if (server->executor == NULL) {
        return STATUS_OK;
    }
    char *words = NULL;
    if (asprintf(&words,
                 "coyote-embed runs PHP in its own process, so it serves one event service, and "
                 "there is \"%s\" already: remove one, or " ELSEWHERE,
                 server->service) < 0) {
        return error_memory(error);
    }
    int status = mistake(request, "", error, words);
    free(words);
    return status;
}

static int take_command(struct inline_server *server, const struct event_executor_request *request,
                        const struct workers_section *workers, struct error *error)
{
    struct error why = {0};
    server->words = command_line_split(workers->command, &why);
    int status = server->words == NULL ? why.status
                                       : embed_command_parse(&server->command, server->words, &why);
    if (status != STATUS_OK) {
        status = mistake(request, ".workers.command", error, error_text(&why));
    }
    error_clear(&why);
    return status;
}

static int make(void *data, const struct event_executor_request *request,
                const struct executor_events *events, void *owner, struct executor **executor,
                struct error *error)
{
    struct inline_server *server = data;
    struct workers_section workers;
    workers_section_read(request->workers, &workers);
    int status = check_single(server, request, error);
    status = status != STATUS_OK ? status : check_workers(request, &workers, error);
    status = status != STATUS_OK ? status : check_user(request, &workers, error);
    status = status != STATUS_OK ? status : take_command(server, request, &workers, error);
    if (status != STATUS_OK) {
        return status;
    }
    tell_of_vain_keys(request);
    json_object_set_new(json_object_get(request->workers, "pool"), "num_workers", json_integer(1));
    const struct inline_settings settings = {
        .loop = request->loop,
        .log = request->log,
        .service = request->service,
        .command = workers.command,
        .max_payload_size = workers.max_payload_size,
        .max_jobs = workers.max_jobs,
        .keep_trying = !workers.fail_fast,
    };
    status = inline_executor_new(&settings, events, owner, &server->executor, error);
    if (status == STATUS_OK) {
        server->service = request->service;
        server->log = request->log;
        server->environment = request->environment;
        *executor = inline_executor_base(server->executor);
    }
    return status;
}

struct event_executor_factory inline_server_factory(struct inline_server *server)
{
    return (struct event_executor_factory){.make = make, .data = server};
}
