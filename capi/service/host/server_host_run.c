/* Its life: steps, the waits made of them, and what is told from outside of them. */
#include "base/clock.h"
#include "server_host_state.h"

static struct loop *loop_of(const struct server_host *host)
{
    return container_loop(host->container);
}

/* The descriptor tells of what nobody has taken or heard yet. */
static void tell(struct server_host *host)
{
    bool news = server_host_has_outcome(host) || (host->over ? !host->told : !host->served);
    loop_keep_readable(loop_of(host), host->polled && news);
}

static void notice_end(struct server_host *host)
{
    if (!host->over && container_done(host->container)) {
        host->over = true;
        container_result(host->container, &host->failure);
        server_host_leave_sources(host, "the server has ended");
    }
}

void server_host_look(struct server_host *host)
{
    notice_end(host);
    tell(host);
}

static void enter(struct server_host *host, bool waits)
{
    loop_keep_readable(loop_of(host), false);
    /* a look is too short to be interrupted, and this would be most of its cost */
    if (waits) {
        loop_hold_signals(loop_of(host));
    }
}

static int leave(struct server_host *host, int status)
{
    loop_release_signals(loop_of(host));
    tell(host);
    return status;
}

/* How it ended; the program knows from now on. */
static int end(struct server_host *host, struct error *error)
{
    host->told = true;
    tell(host);
    return host->failure.status == STATUS_OK
               ? STATUS_OK
               : error_set(error, host->failure.status, "%s", error_text(&host->failure));
}

static int start(struct server_host *host, struct error *error)
{
    int status = host->prepared || host->over ? STATUS_OK : server_host_prepare(host, error);
    if (status == STATUS_OK && !host->over && !host->served) {
        host->served = true;
        container_serve(host->container, NULL); /* a failure is told when all have ended */
        notice_end(host);
    }
    return status;
}

/* One step of the loop, between enter and leave. A signal that was taken is something that was done, and
   not an interruption. */
static int advance(struct server_host *host, int64_t deadline, struct error *error)
{
    unsigned heard = container_heard(host->container);
    struct error failure = {0};
    int status = loop_step(loop_of(host), deadline, &failure);
    if (status == STATUS_EINTERRUPTED) {
        loop_step(loop_of(host), 0, NULL);
        status = container_heard(host->container) != heard ? STATUS_OK : status;
    } else if (status == STATUS_OK && deadline <= loop_now(loop_of(host))) {
        status = STATUS_ETIMEOUT;
    }
    if (status != STATUS_OK) {
        error_move(error, &failure);
    }
    error_clear(&failure);
    notice_end(host);
    return status;
}

int server_host_step(struct server_host *host, int64_t timeout, struct error *error)
{
    int64_t deadline = clock_after(timeout);
    int status = start(host, error);
    if (status != STATUS_OK || host->over) {
        return status != STATUS_OK ? status : end(host, error);
    }
    enter(host, timeout != 0);
    status = leave(host, advance(host, deadline, error));
    if (host->over) {
        return end(host, error);
    }
    return status == STATUS_OK || status == STATUS_ETIMEOUT ? 1 : status;
}

static int serve(struct server_host *host, int64_t deadline, struct error *error)
{
    int status = start(host, error);
    enter(host, true);
    while (status == STATUS_OK && !host->over) {
        status = advance(host, deadline, error);
    }
    leave(host, status);
    if (host->over) {
        return end(host, error);
    }
    return status == STATUS_ETIMEOUT
               ? error_set(error, status, "the server serves on: call again to wait on")
               : status;
}

int server_host_serve(struct server_host *host, int64_t timeout, struct error *error)
{
    int64_t deadline = clock_after(timeout);
    int status = host->prepared || host->over ? STATUS_OK : server_host_prepare(host, error);
    if (status == STATUS_OK && !host->over) {
        status = server_host_take_signals(host, error);
    }
    if (status == STATUS_OK) {
        status = serve(host, deadline, error);
    }
    if (host->over) {
        server_host_release_signals(host);
    }
    return status;
}

/* --- outcomes --- */

/* STATUS_OK: one may come. */
static int check_awaited(struct server_host *host, const struct host_source *source,
                         int64_t deadline, struct error *error)
{
    enum host_source_state state = host_source_state(source);
    if (host_source_is_owed(source)) {
        return STATUS_OK;
    }
    if (host->over && host->failure.status != STATUS_OK) {
        return end(host, error);
    }
    if (state == HOST_SOURCE_ENDED || state == HOST_SOURCE_ABSENT || deadline == CLOCK_NEVER) {
        return error_set(error, STATUS_ESTATE,
                         "no event is on its way: waiting for an outcome would never end");
    }
    return STATUS_OK;
}

static int await(struct server_host *host, struct host_source *source, int64_t deadline,
                 struct taken_reply **reply, struct error *error)
{
    int status = start(host, error);
    while (status == STATUS_OK && (*reply = host_source_take(source)) == NULL) {
        status = check_awaited(host, source, deadline, error);
        status = status != STATUS_OK ? status : advance(host, deadline, error);
        if (status != STATUS_OK && (*reply = host_source_take(source)) != NULL) {
            return STATUS_OK;
        }
    }
    if (status == STATUS_ETIMEOUT) {
        error_set(error, status, "no outcome came in time");
    }
    return status;
}

int server_host_next(struct server_host *host, struct host_source *source, int64_t timeout,
                     struct taken_reply **reply, struct error *error)
{
    int64_t deadline = clock_after(timeout);
    *reply = host_source_take(source);
    if (*reply != NULL) {
        tell(host);
        return STATUS_OK;
    }
    enter(host, timeout != 0);
    return leave(host, await(host, source, deadline, reply, error));
}

/* --- from outside of a step --- */

int server_host_take_signals(struct server_host *host, struct error *error)
{
    if (host->over) {
        return error_set(error, STATUS_ESTATE, "the server has ended: no signal can do anything");
    }
    int status = container_take_signals(host->container, NULL, error);
    return status != STATUS_ESTATE
               ? status
               : error_set(error, status,
                           "another server of this process has the signals: one at a time can, "
                           "until its coy_server_release_signals or coy_server_free");
}

void server_host_release_signals(struct server_host *host)
{
    /* it was the library's to hear, and the program will never know of it */
    if (!host->over) {
        container_hear_signals(host->container);
    }
    container_release_signals(host->container);
    server_host_look(host);
}

int server_host_fd(struct server_host *host)
{
    host->polled = true;
    tell(host);
    return loop_fd(loop_of(host));
}

int server_host_reset(struct server_host *host, struct error *error)
{
    if (!container_serving(host->container)) {
        return error_set(error, STATUS_ESTATE,
                         "the server does not serve: there is nothing to reset");
    }
    container_reset(host->container);
    return STATUS_OK;
}

void server_host_stop(struct server_host *host)
{
    container_stop(host->container);
    server_host_look(host);
}

void server_host_stop_now(struct server_host *host)
{
    container_stop_now(host->container);
    server_host_look(host);
}
