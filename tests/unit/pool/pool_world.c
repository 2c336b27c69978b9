#include "pool_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"

void pool_world_expect_balance(const struct pool_world *world)
{
    struct executor_stats stats;
    executor_read_stats(world->executor, &stats);
    uint64_t ended = 0;
    uint64_t died = 0;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        ended += stats.outcomes[i];
    }
    for (int i = 0; i < DEATH_CAUSE_COUNT; i++) {
        died += stats.deaths[i];
    }
    ck_assert_uint_eq(ended, world->ended);
    ck_assert_uint_eq(stats.submitted,
                      ended + stats.queued + stats.behind_keys + stats.in_flight + stats.refused);
    ck_assert_uint_eq(stats.workers_died, died);
    ck_assert_uint_eq(stats.workers_started, died + stats.workers_booting + stats.workers_ready +
                                                 stats.workers_working + stats.workers_leaving);
}

static void done(void *owner, struct job *job, const struct reply *reply)
{
    struct pool_world *world = owner;
    world->ended++;
    pool_world_expect_balance(world);
    world->last = job;
    world->outcome = reply->outcome;
    world->pid = reply->pid;
    free(world->message);
    world->message =
        strndup(reply->message.size == 0 ? "" : reply->message.data, reply->message.size);
}

static void started(void *owner)
{
    ((struct pool_world *)owner)->started = true;
}

static void room(void *owner)
{
    (void)owner;
}

static void health(void *owner, const struct error *reason, int64_t next_try)
{
    (void)owner;
    (void)reason;
    (void)next_try;
}

static void failed(void *owner, const struct error *error)
{
    (void)error;
    ((struct pool_world *)owner)->failed = true;
}

static void stopped(void *owner)
{
    ((struct pool_world *)owner)->stopped = true;
}

void pool_world_step(struct pool_world *world)
{
    ck_assert_int_eq(loop_step(world->loop, clock_after(30000), NULL), STATUS_OK);
    pool_world_expect_balance(world);
}

void pool_world_step_until_ended(struct pool_world *world, size_t ended)
{
    while (world->ended < ended) {
        pool_world_step(world);
    }
}

void pool_world_step_until_died(struct pool_world *world, uint64_t died)
{
    struct executor_stats stats;
    executor_read_stats(world->executor, &stats);
    while (stats.workers_died < died) {
        pool_world_step(world);
        executor_read_stats(world->executor, &stats);
    }
}

void pool_world_stop(struct pool_world *world)
{
    executor_stop(world->executor);
    while (!world->stopped) {
        pool_world_step(world);
    }
}

void pool_world_open(struct pool_world *world)
{
    static const struct executor_events events = {done, started, room, health, failed, stopped};
    int fd = memfd_create("log", MFD_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    *world = (struct pool_world){.loop = loop_new(NULL)};
    log_console_init(&world->log, fd, LOG_FORMAT_JSON, LOG_LEVEL_DEBUG);
    ck_assert_int_eq(
        pool_new(world->loop, &world->log.log, &settings, &events, world, &world->executor, NULL),
        STATUS_OK);
    ck_assert_int_eq(executor_start(world->executor, NULL), STATUS_OK);
    while (!world->started && !world->failed) {
        pool_world_step(world);
    }
}

void pool_world_close(struct pool_world *world)
{
    executor_free(world->executor);
    loop_free(world->loop);
    close(world->log.stream.fd);
    log_console_free(&world->log);
    free(world->message);
}

json_t *pool_world_deaths(const struct pool_world *world)
{
    int fd = world->log.stream.fd;
    off_t size = lseek(fd, 0, SEEK_CUR);
    char *text = calloc(1, (size_t)size + 1);
    ck_assert_int_eq(pread(fd, text, (size_t)size, 0), size);
    json_t *deaths = json_array();
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        json_t *record = json_loads(line, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
        ck_assert_msg(record != NULL, "no JSON: %s", line);
        const char *event = json_string_value(json_object_get(record, "event"));
        if (event != NULL && strcmp(event, "worker_died") == 0) {
            json_array_append(deaths, record);
        }
        json_decref(record);
    }
    free(text);
    return deaths;
}
