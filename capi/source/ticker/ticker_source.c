#include "ticker_source.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/list.h"
#include "ticker_grid.h"

/* Skipped ticks are told at once and then at most this often, with their number. */
#define SKIPS_QUIET (10 * CLOCK_SECOND)

static const char schema[] =
    "{"
    "\"type\": \"object\","
    "\"properties\": {"
    "    \"interval\": {"
    "        \"type\": \"string\", \"format\": \"duration\", \"minimum\": 1,"
    "        \"errorMessage\":"
    "            \"interval must be at least one second, or a duration such as \\\"100ms\\\"\","
    "        \"description\": \"how often a tick comes\", \"examples\": [1]"
    "    },"
    "    \"count\": {"
    "        \"type\": \"integer\", \"minimum\": 1,"
    "        \"description\": \"end after so many ticks; without it they never end\""
    "    }"
    "},"
    "\"required\": [\"interval\"]"
    "}";

#define CONTEXT_FORMAT "{\"lastTick\": %" PRId64 "}"
#define BODY_PREFIX "{\"tick\": "

/* The text of one tick; lives until it is settled, then waits for the next one. */
struct tick {
    struct list_node node;
    char context[sizeof CONTEXT_FORMAT + 20]; /* any int64_t has at most 20 characters */
    char body[sizeof BODY_PREFIX + 21];       /* any uint64_t, and a bracket */
};

struct ticker {
    struct source source;
    struct source_host host;
    struct ticker_grid grid;
    uint64_t left;     /* how many ticks until the end; UINT64_MAX: endless */
    int64_t last_tick; /* wall clock in seconds, 0 before the first */
    uint64_t skipped;  /* not told yet */
    int64_t quiet_until;
    struct list free_ticks;
};

static struct ticker *ticker_of(struct source *source)
{
    return container_of(source, struct ticker, source);
}

static int ticker_open(const struct source_kind *kind, const char *section,
                       const struct source_host *host, struct source **source, struct error *error)
{
    json_t *keys = json_loads(section, 0, NULL);
    json_t *interval = json_object_get(keys, "interval");
    json_t *count = json_object_get(keys, "count");
    struct ticker *ticker = NULL;
    int status = STATUS_OK;
    if (!json_is_integer(interval) || json_integer_value(interval) < 1 ||
        (count != NULL && json_integer_value(count) < 1)) {
        status = error_set(error, STATUS_EINVAL, "a section that was not checked: %s", section);
    } else if ((ticker = calloc(1, sizeof *ticker)) == NULL) {
        status = error_memory(error);
    } else {
        ticker->source.kind = kind;
        ticker->host = *host;
        ticker->grid.interval = ticker_grid_interval(json_integer_value(interval));
        ticker->left = count == NULL ? UINT64_MAX : (uint64_t)json_integer_value(count);
        list_init(&ticker->free_ticks);
        *source = &ticker->source;
    }
    json_decref(keys);
    return status;
}

static int ticker_start(struct source *source, struct error *error)
{
    (void)error;
    ticker_of(source)->grid.start = clock_now();
    return STATUS_OK;
}

static int ticker_fd(const struct source *source)
{
    (void)source;
    return -1;
}

static int64_t ticker_deadline(const struct source *source)
{
    const struct ticker *ticker = container_of(source, const struct ticker, source);
    return ticker->left == 0 ? CLOCK_NEVER : ticker_grid_due(&ticker->grid);
}

static void tell_skips(struct ticker *ticker, int64_t now)
{
    if (ticker->skipped == 0 || now < ticker->quiet_until) {
        return;
    }
    log_write(ticker->host.log, LOG_LEVEL_WARNING, ticker->host.service, 0,
              "skipped %" PRIu64 " tick%s: all workers were busy", ticker->skipped,
              ticker->skipped == 1 ? "" : "s");
    ticker->skipped = 0;
    ticker->quiet_until = now + SKIPS_QUIET;
}

static struct tick *take_tick(struct ticker *ticker)
{
    struct list_node *node = list_take_first(&ticker->free_ticks);
    return node == NULL ? calloc(1, sizeof(struct tick)) : container_of(node, struct tick, node);
}

static void fill(struct tick *tick, uint64_t number, int64_t last_tick, struct event *event)
{
    size_t prefix = sizeof BODY_PREFIX - 1;
    int context = snprintf(tick->context, sizeof tick->context, CONTEXT_FORMAT, last_tick);
    int body = snprintf(tick->body, sizeof tick->body, BODY_PREFIX "%" PRIu64 "}", number);
    *event = (struct event){
        .id = {tick->body + prefix, (size_t)body - prefix - 1},
        .payload = {.context = {tick->context, (size_t)context},
                    .body = {tick->body, (size_t)body}},
        .attempt = 1,
        .handle = tick,
    };
}

static int ticker_next(struct source *source, struct event *event, struct error *error)
{
    struct ticker *ticker = ticker_of(source);
    int64_t now = clock_now();
    tell_skips(ticker, now);
    if (ticker->left == 0) {
        return SOURCE_END;
    }
    if (now < ticker_grid_due(&ticker->grid)) {
        return SOURCE_NONE;
    }
    struct tick *tick = take_tick(ticker);
    if (tick == NULL) {
        return error_memory(error);
    }
    uint64_t number = 0;
    uint64_t skipped = 0;
    ticker_grid_take(&ticker->grid, now, &number, &skipped);
    ticker->skipped += skipped;
    tell_skips(ticker, now);
    fill(tick, number, ticker->last_tick, event);
    ticker->last_tick = clock_wall() / CLOCK_SECOND;
    ticker->left -= ticker->left != UINT64_MAX;
    return SOURCE_EVENT;
}

static int ticker_settle(struct source *source, const struct event *event,
                         const struct reply *reply, struct error *error)
{
    (void)reply;
    (void)error;
    struct tick *tick = event->handle;
    list_prepend(&ticker_of(source)->free_ticks, &tick->node);
    return STATUS_OK;
}

static void ticker_close(struct source *source)
{
    struct ticker *ticker = ticker_of(source);
    ticker->quiet_until = 0;
    tell_skips(ticker, clock_now());
    for (struct list_node *node; (node = list_take_first(&ticker->free_ticks)) != NULL;) {
        free(container_of(node, struct tick, node));
    }
    free(ticker);
}

const struct source_kind ticker_source = {
    .name = "ticker",
    .schema = schema,
    .prefetch = 1, /* a tick that nobody has time for is skipped, so it must know that nobody has */
    .open = ticker_open,
    .start = ticker_start,
    .fd = ticker_fd,
    .deadline = ticker_deadline,
    .next = ticker_next,
    .settle = ticker_settle,
    .close = ticker_close,
};
