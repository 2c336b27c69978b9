/* The `workers` of an event service: how PHP is run. */
#ifndef COYOTE_SERVICE_EVENT_WORKERS_SECTION_H
#define COYOTE_SERVICE_EVENT_WORKERS_SECTION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "payload/protocol.h"

/* A checked `workers` with its defaults, borrowed from the tree. */
struct workers_section {
    const char *command;   /* as written; taken apart by config/command_line.h */
    bool zygote;           /* launcher: zygote */
    bool request;          /* embed.isolation: request */
    const char *mode;      /* embed.mode: inline, prefork; NULL: not written */
    const char *bootstrap; /* embed.bootstrap; NULL: none */
    const json_t *ini;     /* embed.ini: text (file or folder) or object of settings; NULL: none */
    enum protocol protocol;
    const char *user; /* NULL: the workers run as the server */
    const char *relay;
    int64_t relay_timeout;    /* milliseconds, above 0 */
    size_t max_payload_size;  /* bytes */
    size_t num_workers;       /* whether it was written or is the default: see config_position */
    uint64_t max_jobs;        /* 0: no limit */
    size_t prefetch;          /* 0: it was not written */
    int64_t allocate_timeout; /* milliseconds, above 0 */
    int64_t destroy_timeout;  /* milliseconds, above 0 */
    int64_t reset_timeout;    /* milliseconds, above 0 */
    bool debug;
    bool fail_fast;
    size_t max_queue_size;    /* 0: no limit, as below */
    size_t max_workers;       /* additional ones; 0: no dynamic_allocator, and the next two are 0 */
    size_t spawn_rate;        /* of these within a second */
    int64_t idle_timeout;     /* milliseconds */
    int64_t watch_tick;       /* milliseconds, above 0 */
    int64_t ttl;              /* milliseconds */
    int64_t idle_ttl;         /* milliseconds */
    int64_t exec_ttl;         /* milliseconds */
    size_t max_worker_memory; /* bytes */
};

/* The caller owns it. NULL on failure. The default of num_workers is the number of CPUs that this
   process may use, by affinity and cgroup quota. */
json_t *workers_section_schema(struct error *error);

/* What the schema can't say of a `workers` that it has checked; `path` is the section's. A user that is
   a number becomes text in the tree. */
int workers_section_check(const struct config *config, const char *path, struct error *error);

void workers_section_read(const json_t *workers, struct workers_section *section);

struct config;
struct log;

/* A debug line that says how the number of workers came to be, if it is the default. */
void workers_section_log_default(const struct config *config, const char *service, struct log *log);

struct pool_settings;

/* What a pool takes of it; command and environment are the caller's, and prefetch if it is not
   written. */
void workers_section_settings(const struct workers_section *section,
                              struct pool_settings *settings);

#endif
