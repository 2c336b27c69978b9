/* Executors that are pools of worker processes. */
#include <stdlib.h>
#include <string.h>

#include "config/command_line.h"
#include "container/environment.h"
#include "pool/pool.h"
#include "service/event/event_service.h"
#include "service/event/workers_section.h"

/* Enough to hide the way across cores, and so few that those behind a slow one do not wait for long
   while another worker is free. */
enum { PREFETCH = 4 };

/* Over tcp the last answers of a worker that dies may be lost, and the jobs behind with them: so none
   waits there unless the config says it. */
static size_t prefetch_for(const struct event_executor_request *request, const char *relay)
{
    static const char tcp[] = "tcp:";
    if (request->prefetch != 0) {
        return request->prefetch;
    }
    return relay != NULL && strncmp(relay, tcp, sizeof tcp - 1) == 0 ? 1 : PREFETCH;
}

static int make_pool(void *data, const struct event_executor_request *request,
                     const struct executor_events *events, void *owner, struct executor **executor,
                     struct error *error)
{
    (void)data;
    struct workers_section workers;
    workers_section_read(request->workers, &workers);
    char **command = command_line_split(workers.command, error);
    if (command == NULL) {
        return error->status;
    }
    struct pool_settings settings = {
        .command = command,
        .environment = environment_lines(request->environment),
        .service = request->service,
        .prefetch = prefetch_for(request, workers.relay),
    };
    workers_section_settings(&workers, &settings);
    workers_section_log_default(request->config, request->service, request->log);
    int status = pool_new(request->loop, request->log, &settings, events, owner, executor, error);
    free(command);
    return status;
}

struct event_executor_factory event_pool_factory(void)
{
    return (struct event_executor_factory){.make = make_pool};
}
