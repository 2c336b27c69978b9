#include "bench_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONG = 60000 };
enum { KEY_WORDS = BENCH_KEY / sizeof(size_t) };

static char bytes[64 * 1024];

void bench_must(int status, const struct error *error)
{
    if (status < 0) {
        fprintf(stderr, "bench: %s\n", error_text(error));
        exit(1);
    }
}

struct pool_host *bench_pool_start(const struct bench_pool *wanted)
{
    static char *in_php[] = {PHP, "-n", PHP_WORKER, NULL};
    static char *in_c[] = {BENCH_WORKER, NULL};
    static char relay[64];
    struct error error = {0};
    memset(bytes, 'x', sizeof bytes);
    snprintf(relay, sizeof relay, "unix:///tmp/coyote-bench-%d.sock", (int)getpid());
    struct pool_settings settings = {
        .command = wanted->php ? in_php : in_c,
        .environment = environ,
        .service = "bench",
        .num_workers = wanted->workers,
        .allocate_timeout = 10 * LONG,
        .destroy_timeout = LONG,
        .prefetch = wanted->prefetch,
        .relay = wanted->by_socket ? relay : "pipes",
        .relay_timeout = LONG,
        .exec_ttl = wanted->limited ? LONG : 0,
        .max_payload_size = PAYLOAD_SIZE_DEFAULT,
    };
    struct pool_host *host = pool_host_new(&error);
    bench_must(host == NULL ? error.status : STATUS_OK, &error);
    bench_must(pool_host_start(host, &settings, 5 * LONG, &error), &error);
    return host;
}

void bench_pool_submit(struct pool_host *host, size_t size, size_t keys, size_t number)
{
    struct error error = {0};
    const struct payload payload = {{NULL, 0}, {bytes, size}};
    const size_t key[KEY_WORDS] = {keys > 0 ? number % keys : 0};
    const struct pool_host_terms terms = {{key, keys > 0 ? sizeof key : 0}, POOL_HOST_PRIORITY};
    int64_t id = pool_host_submit(host, &payload, &terms, &error);
    bench_must(id < 0 ? (int)id : STATUS_OK, &error);
}

void bench_pool_take(struct pool_host *host)
{
    struct error error = {0};
    struct taken_reply *reply = NULL;
    bench_must(pool_host_next(host, 0, LONG, &reply, &error), &error);
    if (reply->reply.outcome != OUTCOME_OK) {
        fprintf(stderr, "bench: %s: %s\n", outcome_name(reply->reply.outcome),
                (const char *)reply->reply.message.data);
        exit(1);
    }
    taken_reply_free(reply);
}
