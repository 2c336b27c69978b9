#include "script_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "suite.h"

struct script script;

static char ids[SCRIPT_EVENTS][8];
static const char schema[] = "{\"type\": \"object\", \"properties\": {"
                             " \"every\": {\"type\": \"string\", \"format\": \"duration\"}}}";

void script_reset(void)
{
    script = (struct script){.fd = -1, .deadline = CLOCK_NEVER};
    for (int i = 0; i < SCRIPT_EVENTS; i++) {
        snprintf(ids[i], sizeof ids[i], "%d", i);
    }
}

static int script_open(const struct source_kind *kind, const char *section,
                       const struct source_host *host, struct source **source, struct error *error)
{
    script.host = host;
    if (script.open_fails) {
        return error_set(error, STATUS_ESYSTEM, "the broker is away");
    }
    snprintf(script.section, sizeof script.section, "%s", section);
    script.opened++;
    *source = calloc(1, sizeof **source);
    (*source)->kind = kind;
    return STATUS_OK;
}

static int script_start(struct source *source, struct error *error)
{
    (void)source;
    script.started++;
    return script.start_fails ? error_set(error, STATUS_ESYSTEM, "the topic is gone") : STATUS_OK;
}

static int script_fd(const struct source *source)
{
    (void)source;
    return script.fd;
}

static int64_t script_deadline(const struct source *source)
{
    (void)source;
    return script.deadline;
}

static int script_next(struct source *source, struct event *event, struct error *error)
{
    (void)source;
    script.asked++;
    ck_assert_uint_eq(script.started, 1);
    if (script.next_fails) {
        return error_set(error, STATUS_ESYSTEM, "the connection broke");
    }
    if (script.taken == script.ready) {
        return script.ended ? SOURCE_END : SOURCE_NONE;
    }
    char *id = ids[script.taken++];
    *event = (struct event){
        .id = bytes_of_text(id),
        .key = bytes_of_text("key"),
        .payload = {.context = bytes_of_text("context"), .body = bytes_of_text(id)},
        .attempt = 7,
        .handle = id,
    };
    return SOURCE_EVENT;
}

static int script_settle(struct source *source, const struct event *event,
                         const struct reply *reply, struct error *error)
{
    (void)source;
    size_t used = strlen(script.settled);
    ck_assert_ptr_eq(event->handle, event->id.data);
    snprintf(script.settled + used, sizeof script.settled - used, "%s%s %s", used == 0 ? "" : ", ",
             (const char *)event->handle, outcome_name(reply->outcome));
    script.num_settled++;
    return script.settle_fails ? error_set(error, STATUS_ESYSTEM, "the commit was refused")
                               : STATUS_OK;
}

static void script_halt(struct source *source)
{
    (void)source;
    ck_assert_uint_eq(script.closed, 0);
    script.halted++;
}

static void script_close(struct source *source)
{
    script.closed++;
    free(source);
}

const struct source_kind script_source = {
    .name = "script",
    .schema = schema,
    .open = script_open,
    .start = script_start,
    .fd = script_fd,
    .deadline = script_deadline,
    .next = script_next,
    .settle = script_settle,
    .halt = script_halt,
    .close = script_close,
};
