#include "pool_stats.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "pool_private.h"

enum { TEXT_MOST = 512 }; /* bytes of a death's text */

/* Not within a character; NULL when memory ran out. */
static char *cut_text(const char *text)
{
    size_t size = strnlen(text, TEXT_MOST + 1);
    if (size > TEXT_MOST) {
        size = TEXT_MOST;
        while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80) {
            size--;
        }
    }
    char *copy = malloc(size + 1);
    if (copy != NULL) {
        memcpy(copy, text, size);
        copy[size] = '\0';
    }
    return copy;
}

void pool_stats_death(struct pool_stats *stats, const struct worker *worker,
                      const struct worker_death *death)
{
    size_t place = (size_t)(stats->workers_died % EXECUTOR_DEATHS_KEPT);
    free(stats->texts[place]);
    stats->texts[place] = cut_text(death->text);
    stats->last_deaths[place] = (struct executor_death){
        .time = clock_wall(),
        .pid = worker->pid,
        .cause = death->cause,
        .signal = death->signal,
        .exit_status = death->exit_status,
        .age = death->age,
        .jobs_done = death->jobs_done,
        .had_job = death->job.any,
        .job_id = death->job.id,
        .job_size = death->job.size,
        .text = stats->texts[place] == NULL ? "" : stats->texts[place],
    };
    stats->workers_died++;
    stats->deaths[death->cause]++;
}

static void count_staying(const struct list *staying, struct executor_stats *stats)
{
    for (struct worker *worker = roster_first(staying); worker != NULL;
         worker = roster_next(staying, worker)) {
        switch (worker->state) {
        case WORKER_STARTING:
            stats->workers_booting++;
            break;
        case WORKER_READY:
            stats->workers_ready++;
            break;
        case WORKER_WORKING:
            stats->workers_working++;
            break;
        default:
            stats->workers_leaving++;
            break;
        }
    }
}

void pool_stats_read_deaths(const struct executor *executor, struct executor_deaths *deaths)
{
    const struct pool_stats *counted = &container_of(executor, const struct pool, executor)->stats;
    uint64_t died = counted->workers_died;
    size_t kept = died < EXECUTOR_DEATHS_KEPT ? (size_t)died : (size_t)EXECUTOR_DEATHS_KEPT;
    for (size_t i = 0; i < kept; i++) {
        deaths->last[i] = counted->last_deaths[(died - 1 - i) % EXECUTOR_DEATHS_KEPT];
    }
    deaths->count = kept;
}

void pool_stats_read(const struct executor *executor, struct executor_stats *stats)
{
    const struct pool *pool = container_of(executor, const struct pool, executor);
    const struct pool_stats *counted = &pool->stats;
    stats->submitted = counted->submitted;
    memcpy(stats->outcomes, counted->outcomes, sizeof stats->outcomes);
    stats->queued = pool_queue_ready(pool);
    stats->behind_keys = pool->lanes.waiting + pool->dropped.count;
    stats->in_flight = pool->in_flight;
    for (int i = 0; i < POOL_REFUSALS; i++) {
        stats->refused += pool->refused[i].count;
    }
    stats->given_back = counted->given_back;
    stats->workers_leaving = pool->roster.leaving.count;
    count_staying(&pool->roster.staying, stats);
    stats->workers_started = counted->workers_started;
    stats->workers_died = counted->workers_died;
    memcpy(stats->deaths, counted->deaths, sizeof stats->deaths);
}

void pool_stats_free(struct pool_stats *stats)
{
    for (size_t i = 0; i < EXECUTOR_DEATHS_KEPT; i++) {
        free(stats->texts[i]);
    }
    *stats = (struct pool_stats){0};
}
