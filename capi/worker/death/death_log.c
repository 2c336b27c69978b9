/* The facts of a death as fields of a log line. Flat, each with a name that says what it is: log
   stores index members of an object, and not all of them look into inner ones. */
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/utf8.h"
#include "worker/worker_death.h"

enum { FIELDS_MOST = 20 };

struct fields {
    struct log_field at[FIELDS_MOST];
    size_t count;
};

static void add_text(struct fields *fields, const char *name, struct bytes text)
{
    fields->at[fields->count++] =
        (struct log_field){.name = name, .kind = LOG_FIELD_TEXT, .value.text = text};
}

static void add_integer(struct fields *fields, const char *name, int64_t integer)
{
    fields->at[fields->count++] =
        (struct log_field){.name = name, .kind = LOG_FIELD_INTEGER, .value.integer = integer};
}

static void add_boolean(struct fields *fields, const char *name, bool boolean)
{
    fields->at[fields->count++] =
        (struct log_field){.name = name, .kind = LOG_FIELD_BOOLEAN, .value.boolean = boolean};
}

static void add_end(struct fields *fields, const struct worker_death *death)
{
    add_text(fields, "cause", bytes_of_text(death_cause_name(death->cause)));
    if (death->signal != 0) {
        add_integer(fields, "signal", death->signal);
        add_text(fields, "signal_name", bytes_of_text(strsignal(death->signal)));
        add_boolean(fields, "core_dumped", death->core_dumped);
    } else if (death->known) {
        add_integer(fields, "exit_status", death->exit_status);
    }
    add_boolean(fields, "oom_killed", death->cause == DEATH_OOM);
}

static void add_life(struct fields *fields, const struct worker_death *death)
{
    add_integer(fields, "age_ms", death->age);
    add_integer(fields, "jobs_done", (int64_t)death->jobs_done);
    if (death->peak_memory > 0) {
        add_integer(fields, "peak_memory_bytes", (int64_t)death->peak_memory);
    }
}

/* What had no memory to be copied or made readable is left out. */
static void add_job(struct fields *fields, const struct death_job *job, struct buffer *key,
                    struct buffer *head)
{
    if (!job->any) {
        return;
    }
    add_integer(fields, "payload_id", (int64_t)job->id);
    if (job->key.size > 0 && utf8_print(key, job->key) == STATUS_OK) {
        add_text(fields, "payload_key", buffer_unread(key));
    }
    add_integer(fields, "payload_size", (int64_t)job->size);
    if (job->head.size > 0 && utf8_print(head, job->head) == STATUS_OK) {
        add_text(fields, "payload_head", buffer_unread(head));
    }
}

void worker_death_log(struct log *log, enum log_level level, const char *service, pid_t pid,
                      const struct worker_death *death)
{
    if (log == NULL || level < log->minimum) {
        return;
    }
    struct fields fields = {.count = 0};
    struct buffer key = {0};
    struct buffer head = {0};
    add_text(&fields, "event", bytes_of_text("worker_died"));
    add_end(&fields, death);
    add_life(&fields, death);
    add_job(&fields, &death->job, &key, &head);
    if (death->relay_error != NULL) {
        add_text(&fields, "protocol_error", bytes_of_text(death->relay_error));
    }
    if (death->last_output.size > 0) {
        add_text(&fields, "last_output", death->last_output);
    }
    log_fields(log, level, service, pid, bytes_of_text(death->text), fields.at, fields.count);
    buffer_free(&key);
    buffer_free(&head);
}
