#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

extern char **environ;

static char first[64];

struct pool_host *host;
struct pool_settings settings;

static char unix_relay[64];
static char script[512];
static char *command[] = {PHP, "-d", "memory_limit=1G", script, NULL};
static struct taken_reply *last;

/* Outcomes that came while a log line was waited for. */
enum { KEPT_MOST = 64 };
static struct taken_reply *kept[KEPT_MOST];
static size_t kept_count;

void use_script(const char *name)
{
    snprintf(script, sizeof script, "%s/workers/%s", FIXTURES, name);
}

void first_file_setup(void)
{
    snprintf(first, sizeof first, "/tmp/coyote-first-%d", (int)getpid());
    unlink(first);
    setenv("FIRST", first, 1);
    settings.environment = environ;
}

void first_file_teardown(void)
{
    unlink(first);
    unsetenv("FIRST");
}

void fixture_setup(void)
{
    host = pool_host_new(NULL);
    ck_assert_ptr_nonnull(host);
    use_script("obedient.php");
    settings = (struct pool_settings){
        .command = command,
        .environment = environ,
        .service = "test",
        .num_workers = 2,
        .allocate_timeout = 20000,
        .destroy_timeout = 20000,
        .prefetch = 1,
        .max_payload_size = 64 * 1024 * 1024,
    };
}

void fixture_setup_unix(void)
{
    fixture_setup();
    snprintf(unix_relay, sizeof unix_relay, "unix:///tmp/coyote-pool-%d.sock", (int)getpid());
    settings.relay = unix_relay;
    settings.relay_timeout = 20000;
}

void fixture_setup_tcp(void)
{
    fixture_setup();
    settings.relay = "tcp://127.0.0.1:0";
    settings.relay_timeout = 20000;
}

void fixture_teardown(void)
{
    taken_reply_free(last);
    last = NULL;
    while (kept_count > 0) {
        taken_reply_free(kept[--kept_count]);
    }
    pool_host_free(host);
}

void start_pool(void)
{
    struct error error = {0};
    int status = pool_host_start(host, &settings, 60000, &error);
    ck_assert_msg(status == STATUS_OK, "start: %s", error_text(&error));
}

const struct reply *exec_payload(struct payload payload)
{
    struct error error = {0};
    taken_reply_free(last);
    last = NULL;
    int status = pool_host_exec(host, &payload, NULL, 60000, &last, &error);
    ck_assert_msg(status == STATUS_OK, "exec: %s", error_text(&error));
    return &last->reply;
}

const struct reply *exec(const char *context, const char *body)
{
    return exec_payload((struct payload){bytes_of_text(context), bytes_of_text(body)});
}

void expect_body(const struct reply *reply, const char *body)
{
    ck_assert_msg(reply->outcome == OUTCOME_OK, "%s: %s", outcome_name(reply->outcome),
                  (const char *)reply->message.data);
    ck_assert_str_eq(reply->payload.body.data, body);
}

bool lost_by_tcp(const struct reply *reply)
{
    return settings.relay != NULL && strncmp(settings.relay, "tcp:", 4) == 0 &&
           reply->outcome == OUTCOME_CRASHED && reply->may_have_run;
}

void expect_failure(const struct reply *reply, enum outcome outcome, bool may_have_run,
                    const char *text)
{
    ck_assert_msg(reply->outcome == outcome, "not %s, but %s: %s", outcome_name(outcome),
                  outcome_name(reply->outcome), (const char *)reply->message.data);
    ck_assert_int_eq(reply->may_have_run, may_have_run);
    ck_assert_msg(strstr(reply->message.data, text) != NULL, "\"%s\" is not in: %s", text,
                  (const char *)reply->message.data);
}

bool log_has(const char *text)
{
    int64_t deadline = clock_after(10000);
    while (clock_now() < deadline) {
        const struct log_line *line;
        while ((line = pool_host_log_next(host)) != NULL) {
            if (strstr(line->text.data, text) != NULL) {
                return true;
            }
        }
        struct taken_reply *reply;
        pool_host_next(host, UINT64_MAX, 0, &reply, NULL);
        ck_assert_uint_lt(kept_count, KEPT_MOST);
        if (pool_host_next(host, 0, 20, &reply, NULL) == STATUS_OK) {
            kept[kept_count++] = reply;
        }
    }
    return false;
}

struct taken_reply *next_outcome(int64_t id)
{
    struct taken_reply *reply = NULL;
    for (size_t i = 0; i < kept_count; i++) {
        if (id == 0 || kept[i]->id == (uint64_t)id) {
            reply = kept[i];
            kept[i] = kept[--kept_count];
            return reply;
        }
    }
    struct error error = {0};
    int status = pool_host_next(host, (uint64_t)id, 30000, &reply, &error);
    ck_assert_msg(status == STATUS_OK, "next: %s", error_text(&error));
    return reply;
}
