#include "inline_probe.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static void done(void *probe, struct job *job, const struct reply *reply)
{
    (void)probe;
    struct probe_job *owner = container_of(job, struct probe_job, job);
    owner->settled++;
    owner->outcome = reply->outcome;
    owner->may_have_run = reply->may_have_run;
    snprintf(owner->message, sizeof owner->message, "%.*s", (int)reply->message.size,
             reply->message.size == 0 ? "" : (const char *)reply->message.data);
    snprintf(owner->body, sizeof owner->body, "%.*s", (int)reply->payload.body.size,
             reply->payload.body.size == 0 ? "" : (const char *)reply->payload.body.data);
}

struct probe_job *inline_probe_submit(struct inline_probe *probe, const char *body)
{
    ck_assert_int_lt(probe->submitted, PROBE_JOBS);
    struct probe_job *job = &probe->jobs[probe->submitted++];
    job->job = (struct job){.id = (uint64_t)probe->submitted, .payload.body = bytes_of_text(body)};
    executor_submit(probe->executor, &job->job);
    ck_assert_int_eq(job->settled, 0); /* never from within submit */
    return job;
}

static void room(void *owner)
{
    struct inline_probe *probe = owner;
    while (probe->feed > 0 && executor_room(probe->executor) > 0) {
        probe->feed--;
        inline_probe_submit(probe, "event");
    }
    if (probe->feed == 0 && probe->stop_when_dry && executor_room(probe->executor) > 0) {
        executor_stop(probe->executor);
    }
}

static void started(void *owner)
{
    ((struct inline_probe *)owner)->started++;
}

static void failed(void *owner, const struct error *error)
{
    struct inline_probe *probe = owner;
    probe->failed++;
    snprintf(probe->failure, sizeof probe->failure, "%s", error_text(error));
}

static void stopped(void *owner)
{
    ((struct inline_probe *)owner)->stopped++;
}

static void health(void *owner, const struct error *reason, int64_t next_try)
{
    struct inline_probe *probe = owner;
    (void)next_try;
    probe->health_told++;
    snprintf(probe->illness, sizeof probe->illness, "%s", reason == NULL ? "" : error_text(reason));
}

static const struct executor_events events = {.done = done,
                                              .started = started,
                                              .room = room,
                                              .health = health,
                                              .failed = failed,
                                              .stopped = stopped};

void inline_probe_open(struct inline_probe *probe, uint64_t max_jobs)
{
    inline_probe_open_with(probe, max_jobs, false);
}

void inline_probe_open_with(struct inline_probe *probe, uint64_t max_jobs, bool keep_trying)
{
    *probe = (struct inline_probe){.stop_when_dry = true};
    probe->loop = loop_new(NULL);
    ck_assert_ptr_nonnull(probe->loop);
    const struct inline_settings settings = {.loop = probe->loop,
                                             .service = "ticker",
                                             .command = "php app.php",
                                             .max_payload_size = 10,
                                             .keep_trying = keep_trying,
                                             .max_jobs = max_jobs};
    ck_assert_int_eq(inline_executor_new(&settings, &events, probe, &probe->inline_executor, NULL),
                     STATUS_OK);
    probe->executor = inline_executor_base(probe->inline_executor);
    probe->host = inline_executor_host(probe->inline_executor);
}

/* What was submitted is told, waits, or is in hand. */
static void expect_balance(const struct inline_probe *probe)
{
    struct executor_stats stats;
    uint64_t ended = 0;
    uint64_t settled = 0;
    executor_read_stats(probe->executor, &stats);
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        ended += stats.outcomes[i];
    }
    for (int i = 0; i < probe->submitted; i++) {
        settled += (uint64_t)probe->jobs[i].settled;
    }
    ck_assert_uint_eq(ended, settled);
    ck_assert_uint_eq(stats.submitted, (uint64_t)probe->submitted);
    ck_assert_uint_eq(stats.submitted, ended + stats.queued + stats.in_flight + stats.refused);
    ck_assert_uint_le(stats.workers_booting + stats.workers_ready + stats.workers_working, 1);
}

void inline_probe_close(struct inline_probe *probe)
{
    if (probe->executor != NULL) {
        expect_balance(probe);
    }
    executor_free(probe->executor);
    loop_free(probe->loop);
    for (int i = 0; i < probe->submitted; i++) {
        ck_assert_int_eq(probe->jobs[i].settled, 1); /* exactly once, whatever happened */
    }
}

void inline_probe_begin(struct inline_probe *probe)
{
    ck_assert(inline_executor_due(probe->inline_executor));
    inline_executor_run_begins(probe->inline_executor);
    ck_assert(!inline_executor_due(probe->inline_executor));
}

const char *inline_probe_receive(struct inline_probe *probe)
{
    struct payload event;
    bool taken = probe->host->receive(probe->host, &event);
    expect_balance(probe);
    return taken ? event.body.data : NULL;
}

void inline_probe_send(struct inline_probe *probe, const char *body)
{
    const struct payload payload = {.body = bytes_of_text(body)};
    ck_assert_int_eq(probe->host->event, EMBED_EVENT_IN_HAND);
    probe->host->answer(probe->host, OUTCOME_OK, payload, (struct bytes){0});
}

void inline_probe_end(struct inline_probe *probe, int exit_status, const char *failure)
{
    const struct embed_ending ending = {.exit_status = exit_status, .failure = failure};
    probe->host->leave(probe->host);
    inline_executor_run_ended(probe->inline_executor, &ending);
    expect_balance(probe);
}

void inline_probe_step(struct inline_probe *probe)
{
    while (loop_step(probe->loop, 0, NULL) == STATUS_OK) {
        expect_balance(probe);
    }
}
