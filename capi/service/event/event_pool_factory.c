/* Executors that are pools of worker processes. */
#include <stdlib.h>

#include "config/command_line.h"
#include "container/environment.h"
#include "pool/pool.h"
#include "service/event/event_service.h"
#include "service/event/workers_section.h"

/* Enough to hide the way across cores, and so few that those behind a slow one do not wait for long
   while another worker is free. */
enum { PREFETCH = 4 };

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
        .prefetch = request->prefetch != 0 ? request->prefetch : PREFETCH,
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
