#include "service/event/workers_section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cgroup/cgroup_cpus.h"
#include "base/log.h"
#include "config/config.h"
#include "config/schema.h"
#include "payload/payload.h"
#include "pool/pool.h"
#include "service/env/env_section.h"

/* 0 turns it off. */
#define LIMIT_SCHEMA(alias, words)                                                                 \
    "{\"type\": \"string\", \"format\": \"duration\", \"default\": 0, \"minimum\": 0,"             \
    " \"aliases\": [\"" alias "\"], \"description\": \"" words "\"}"

#define TIMEOUT_SCHEMA(alias, words)                                                               \
    "{\"type\": \"string\", \"format\": \"duration\", \"default\": \"60s\", \"minimum\": 1,"       \
    " \"aliases\": [\"" alias "\"], \"description\": \"" words "\","                               \
    " \"errorMessage\": \"must be above zero, such as 60 (seconds) or \\\"500ms\\\"\"}"

/* it reads like the JSON that it is */
/* clang-format off */
/* the most of max_workers, of spawn_rate */
static const char allocator_schema[] =
    "{\"type\": \"object\", \"aliases\": [\"dynamicAllocator\"], \"default\": null,"
    "   \"description\": \"additional workers while jobs wait; without it there are none\","
    "   \"properties\": {"
    "   \"max_workers\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": %d, \"default\": 10,"
    "    \"aliases\": [\"maxWorkers\"],"
    "    \"description\": \"how many at most on top of num_workers\"},"
    "   \"spawn_rate\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": %d, \"default\": 5,"
    "    \"aliases\": [\"spawnRate\"],"
    "    \"description\": \"how many may be started within a second\"},"
    "   \"idle_timeout\": " TIMEOUT_SCHEMA("idleTimeout",
        "one of these that had nothing to do for so long is retired")
    "  }}";

static const char supervisor_schema[] =
    "{\"type\": \"object\", \"default\": {}, \"properties\": {"
    "   \"watch_tick\": {\"type\": \"string\", \"format\": \"duration\", \"default\": \"5s\","
    "    \"minimum\": 1, \"aliases\": [\"watchTick\"],"
    "    \"description\": \"between two looks at the workers\"},"
    "   \"ttl\": " LIMIT_SCHEMA("TTL", "a worker older than that is replaced; 0: never") ","
    "   \"idle_ttl\": " LIMIT_SCHEMA("idleTTL",
        "a used worker that was idle for so long is replaced; 0: never") ","
    "   \"exec_ttl\": " LIMIT_SCHEMA("execTTL",
        "a job that takes longer is ended with its worker; 0: never") ","
    "   \"max_worker_memory\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 1048576,"
    "    \"default\": 0, \"aliases\": [\"maxWorkerMemory\"],"
    "    \"description\": \"MiB; a worker that uses more is replaced; 0: any\"}"
    "  }}";

/* max_payload_size; num_workers, the most of it and the default; the most of prefetch;
   the two above */
static const char schema[] =
    "{\"type\": \"object\", \"required\": [\"command\"], \"properties\": {"
    " \"command\": {\"type\": \"string\", \"format\": \"command\","
    "  \"description\": \"what starts a worker\", \"examples\": [\"php app.php\"]},"
    " \"env\": " ENV_SECTION_SCHEMA ","
    " \"user\": {\"type\": [\"string\", \"integer\"],"
    "  \"description\": \"whom workers run as: name, name:group, uid or uid:gid; needs a server that"
    " is root\", \"examples\": [\"www-data\"]},"
    " \"protocol\": {\"type\": \"string\", \"enum\": [\"auto\", \"v2\", \"v3\"],"
    "  \"default\": \"auto\", \"description\": \"what workers speak: goridge v3, or v2 as in"
    " RoadRunner 1; auto offers both and takes the one that is answered\"},"
    " \"relay\": {\"type\": \"string\", \"default\": \"pipes\","
    "  \"description\": \"how bytes reach a worker: pipes, unix://path or tcp://host:port\"},"
    " \"relay_timeout\": " TIMEOUT_SCHEMA(
        "relayTimeout",
        "how long a worker may take to connect to a unix or tcp relay and to answer there") ","
    " \"max_payload_size\": {\"type\": \"string\", \"format\": \"size\", \"minimum\": 1,"
    "  \"aliases\": [\"maxPayloadSize\"], \"default\": %zu,"
    "  \"description\": \"the most bytes of context and body together\"},"
    " \"pool\": {\"type\": \"object\", \"default\": {}, \"properties\": {"
    "  \"num_workers\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": %d,"
    "   \"default\": %zu, \"aliases\": [\"numWorkers\"],"
    "   \"description\": \"how many processes; by default one for each CPU that the process may use"
    " (affinity and cgroup quota)\"},"
    "  \"max_jobs\": {\"type\": \"integer\", \"minimum\": 0, \"default\": 0,"
    "   \"aliases\": [\"maxJobs\"],"
    "   \"description\": \"a worker is replaced after so many jobs; 0: never\"},"
    "  \"prefetch\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": %d,"
    "   \"description\": \"how many jobs may be at a worker, those that wait in its relay counted\"},"
    "  \"max_queue_size\": {\"type\": \"integer\", \"minimum\": 0, \"default\": 0,"
    "   \"aliases\": [\"maxQueueSize\"],"
    "   \"description\": \"how many jobs may wait for a worker; 0: any number\"},"
    "  \"allocate_timeout\": " TIMEOUT_SCHEMA("allocateTimeout",
        "how long a job waits for a free worker") ","
    "  \"destroy_timeout\": " TIMEOUT_SCHEMA("destroyTimeout",
        "how long a stopping worker may take") ","
    "  \"reset_timeout\": " TIMEOUT_SCHEMA("resetTimeout",
        "how long an old worker may still be at its job once a reset has its successor ready") ","
    "  \"fail_fast\": {\"type\": \"boolean\", \"default\": true, \"aliases\": [\"failFast\"],"
    "   \"description\": \"a start where no worker boots ends the server; false: it is tried again"
    " and again\"},"
    "  \"debug\": {\"type\": \"boolean\", \"default\": false,"
    "   \"description\": \"for breakpoints: a fresh worker for each job, and no limit of time\"},"
    "  \"dynamic_allocator\": %s, \"supervisor\": %s"
    " }}"
    "}}";
/* clang-format on */

json_t *workers_section_schema(struct error *error)
{
    size_t cpus = cgroup_cpus("").usable;
    char *allocator = NULL;
    char *text = NULL;
    json_t *parsed = NULL;
    if (asprintf(&allocator, allocator_schema, POOL_WORKERS_MOST - 1, POOL_SPAWN_RATE_MOST) < 0) {
        error_memory(error);
        return NULL;
    }
    if (asprintf(&text, schema, PAYLOAD_SIZE_DEFAULT, POOL_WORKERS_MOST,
                 cpus < POOL_WORKERS_MOST ? cpus : POOL_WORKERS_MOST, POOL_PREFETCH_MOST, allocator,
                 supervisor_schema) < 0) {
        error_memory(error);
    } else {
        parsed = schema_parse(text, error);
        free(text);
    }
    free(allocator);
    return parsed;
}

static enum protocol protocol_of(const json_t *workers)
{
    const char *name = json_string_value(json_object_get(workers, "protocol"));
    if (name != NULL && strcmp(name, "v2") == 0) {
        return PROTOCOL_V2;
    }
    return name != NULL && strcmp(name, "v3") == 0 ? PROTOCOL_V3 : PROTOCOL_AUTO;
}

static json_int_t integer(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* A text that the pool judges. Mistakes are added to those before. */
static int check_text(const struct config *config, const char *path, const char *name,
                      int (*check)(const char *text, struct error *error), struct error *error)
{
    const char *text = json_string_value(json_object_get(config_find(config, path), name));
    struct error reason = {0};
    struct error mistake = {0};
    if (text == NULL) {
        return STATUS_OK;
    }
    int status = check(text, &reason);
    char *key = NULL;
    if (status == STATUS_ECONFIG && asprintf(&key, "%s.%s", path, name) >= 0) {
        config_mistake(config, key, &mistake, "%s", error_text(&reason));
        free(key);
    } else if (status != STATUS_OK) {
        error_move(&mistake, &reason);
    }
    if (status != STATUS_OK) {
        error_join(error, &mistake);
    }
    error_clear(&mistake);
    error_clear(&reason);
    return status;
}

static int check_numbers(const struct config *config, const char *path, struct error *error)
{
    struct workers_section section;
    struct error mistake = {0};
    char *key = NULL;
    workers_section_read(config_find(config, path), &section);
    if (section.max_workers + section.num_workers <= POOL_WORKERS_MOST) {
        return STATUS_OK;
    }
    if (asprintf(&key, "%s.pool.dynamic_allocator.max_workers", path) < 0) {
        return error_memory(error);
    }
    config_mistake(config, key, &mistake,
                   "%zu on top of num_workers, which is %zu, are more than the %d that a pool may "
                   "have: up to %zu are left",
                   section.max_workers, section.num_workers, POOL_WORKERS_MOST,
                   POOL_WORKERS_MOST - section.num_workers);
    free(key);
    int status = error_join(error, &mistake);
    error_clear(&mistake);
    return status;
}

/* 33 is as good as "33"; whoever reads it has one type to care for. */
static int user_as_text(json_t *workers, struct error *error)
{
    const json_t *user = json_object_get(workers, "user");
    if (json_is_integer(user)) {
        json_t *text = json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(user));
        if (json_object_set_new(workers, "user", text) != 0) {
            return error_memory(error);
        }
    }
    return STATUS_OK;
}

int workers_section_check(const struct config *config, const char *path, struct error *error)
{
    int status = user_as_text(config_find(config, path), error);
    if (status != STATUS_OK) {
        return status;
    }
    int user = check_text(config, path, "user", pool_check_user, error);
    int relay = check_text(config, path, "relay", pool_check_relay, error);
    int numbers = check_numbers(config, path, error);
    status = user != STATUS_OK ? user : relay;
    return status != STATUS_OK ? status : numbers;
}

void workers_section_read(const json_t *workers, struct workers_section *section)
{
    const json_t *pool = json_object_get(workers, "pool");
    const json_t *allocator = json_object_get(pool, "dynamic_allocator");
    const json_t *supervisor = json_object_get(pool, "supervisor");
    *section = (struct workers_section){
        .command = json_string_value(json_object_get(workers, "command")),
        .user = json_string_value(json_object_get(workers, "user")),
        .protocol = protocol_of(workers),
        .relay = json_string_value(json_object_get(workers, "relay")),
        .relay_timeout = integer(workers, "relay_timeout"),
        .max_payload_size = (size_t)integer(workers, "max_payload_size"),
        .num_workers = (size_t)integer(pool, "num_workers"),
        .max_jobs = (uint64_t)integer(pool, "max_jobs"),
        .prefetch = (size_t)integer(pool, "prefetch"),
        .allocate_timeout = integer(pool, "allocate_timeout"),
        .destroy_timeout = integer(pool, "destroy_timeout"),
        .reset_timeout = integer(pool, "reset_timeout"),
        .debug = json_is_true(json_object_get(pool, "debug")),
        .fail_fast = json_is_true(json_object_get(pool, "fail_fast")),
        .max_queue_size = (size_t)integer(pool, "max_queue_size"),
        .max_workers = (size_t)integer(allocator, "max_workers"),
        .spawn_rate = (size_t)integer(allocator, "spawn_rate"),
        .idle_timeout = integer(allocator, "idle_timeout"),
        .watch_tick = integer(supervisor, "watch_tick"),
        .ttl = integer(supervisor, "ttl"),
        .idle_ttl = integer(supervisor, "idle_ttl"),
        .exec_ttl = integer(supervisor, "exec_ttl"),
        .max_worker_memory = (size_t)integer(supervisor, "max_worker_memory") * 1024 * 1024,
    };
}

void workers_section_settings(const struct workers_section *section, struct pool_settings *settings)
{
    settings->num_workers = section->num_workers;
    settings->user = section->user;
    settings->protocol = section->protocol;
    settings->relay = section->relay;
    settings->relay_timeout = section->relay_timeout;
    settings->max_jobs = section->max_jobs;
    settings->prefetch = section->prefetch != 0 ? section->prefetch : settings->prefetch;
    settings->allocate_timeout = section->allocate_timeout;
    settings->destroy_timeout = section->destroy_timeout;
    settings->reset_timeout = section->reset_timeout;
    settings->debug = section->debug;
    settings->keep_trying = !section->fail_fast;
    settings->max_queue_size = section->max_queue_size;
    settings->max_workers = section->max_workers;
    settings->spawn_rate = section->spawn_rate;
    settings->idle_timeout = section->idle_timeout;
    settings->watch_tick = section->watch_tick;
    settings->ttl = section->ttl;
    settings->idle_ttl = section->idle_ttl;
    settings->exec_ttl = section->exec_ttl;
    settings->max_worker_memory = section->max_worker_memory;
    settings->max_payload_size = section->max_payload_size;
}

void workers_section_log_default(const struct config *config, const char *service, struct log *log)
{
    char *path = NULL;
    if (asprintf(&path, "%s.workers.pool.num_workers", service) < 0) {
        return;
    }
    if (strcmp(config_position(config, path), "default") == 0) {
        struct cgroup_cpus cpus = cgroup_cpus("");
        char quota[48] = "no cgroup quota that is known";
        if (cpus.quota != 0) {
            snprintf(quota, sizeof quota, "%zu by cgroup quota", cpus.quota);
        }
        log_write(log, LOG_LEVEL_DEBUG, service, 0,
                  "num_workers is %lld by default: %zu CPU%s by affinity, %s",
                  (long long)json_integer_value(config_find(config, path)), cpus.affinity,
                  cpus.affinity == 1 ? "" : "s", quota);
    }
    free(path);
}
