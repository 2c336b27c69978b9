/* The contract's side: what a service asks of the source. */
#include "base/clock.h"
#include "host_state.h"

static struct host_source *host_of(struct source *source)
{
    return container_of(source, struct host_source, source);
}

static int host_open(const struct source_kind *kind, const char *section,
                     const struct source_host *host, struct source **source, struct error *error)
{
    struct host_source *own =
        (struct host_source *)container_of(kind, const struct host_source, kind);
    (void)section;
    if (own->failure.status != STATUS_OK) {
        host_source_leave(own, HOST_SOURCE_ENDED, "its source failed");
        return error_set(error, own->failure.status, "%s", error_text(&own->failure));
    }
    own->source.kind = kind;
    own->host = host;
    *source = &own->source;
    return STATUS_OK;
}

static int host_start(struct source *source, struct error *error)
{
    (void)error;
    host_of(source)->state = HOST_SOURCE_SERVING;
    return STATUS_OK;
}

static int host_fd(const struct source *source)
{
    (void)source;
    return -1;
}

static int64_t host_deadline(const struct source *source)
{
    (void)source;
    return CLOCK_NEVER;
}

static int host_next(struct source *source, struct event *event, struct error *error)
{
    struct host_source *host = host_of(source);
    (void)error;
    if (list_empty(&host->waiting)) {
        return host->ended ? SOURCE_END : SOURCE_NONE;
    }
    host_queue_take(host, event);
    return SOURCE_EVENT;
}

static int host_settle(struct source *source, const struct event *event, const struct reply *reply,
                       struct error *error)
{
    (void)error;
    host_jobs_settle(&host_of(source)->jobs, event->handle, reply);
    return STATUS_OK;
}

static void host_halt(struct source *source)
{
    host_source_leave(host_of(source), HOST_SOURCE_ENDED, "its service has ended");
}

static void host_close(struct source *source)
{
    host_of(source)->host = NULL;
}

const struct source_kind host_kind = {
    .single = true,
    .open = host_open,
    .start = host_start,
    .fd = host_fd,
    .deadline = host_deadline,
    .next = host_next,
    .settle = host_settle,
    .halt = host_halt,
    .close = host_close,
};
