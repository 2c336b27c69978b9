/* A death in words. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "obituary.h"
#include "worker/worker_user.h"

static int say_exit(struct buffer *to, const struct worker_death *death)
{
    if (!death->known) {
        return buffer_print(to, "ended; somebody else took its exit status");
    }
    if (death->signal != 0) {
        return buffer_print(to, "was ended by signal %d (%s)%s%s", death->signal,
                            strsignal(death->signal), death->core_dumped ? ", core dumped" : "",
                            death->cause == DEATH_OOM ? ", by the kernel because memory ran out"
                                                      : "");
    }
    return buffer_print(to, "exited with status %d", death->exit_status);
}

static double seconds(int64_t milliseconds)
{
    return (double)milliseconds / 1000;
}

static int say_cause(struct buffer *to, const struct obituary *about,
                     const struct worker_death *death)
{
    const struct worker_settings *settings = about->settings;
    switch (death->cause) {
    case DEATH_MEMORY:
        return buffer_print(to, "was killed: memory ran out while it was served");
    case DEATH_PROTOCOL:
        return buffer_print(to, "was killed, for it broke the protocol: %s",
                            error_text(&about->reason));
    case DEATH_CLOSED:
        return buffer_print(to, "was killed: it closed its relay and did not end");
    case DEATH_BOOT_TIMEOUT:
        return buffer_print(to, "was killed: it did not answer the handshake within %g s (%s)",
                            seconds(settings->boot_timeout),
                            settings->listener != NULL ? "relay_timeout" : "allocate_timeout");
    case DEATH_DESTROY_TIMEOUT:
        return buffer_print(to, "was killed: it did not stop within %g s (destroy_timeout)",
                            seconds(settings->destroy_timeout));
    case DEATH_EXEC_TTL:
        return buffer_print(to, "was killed: it was at one job for more than %g s (exec_ttl)",
                            seconds(settings->exec_ttl));
    case DEATH_RESET_TIMEOUT:
        return buffer_print(to, "was killed: it was still at an old job after %g s (reset_timeout)",
                            seconds(about->finish_within));
    case DEATH_KILLED:
        return buffer_print(to, "was killed by the pool");
    case DEATH_EXPECTED:
    case DEATH_EXIT:
    case DEATH_SIGNAL:
    case DEATH_OOM:
    case DEATH_UNKNOWN:
    case DEATH_BOOT:
    case DEATH_CAUSE_COUNT:
        break;
    }
    return say_exit(to, death);
}

static const char *socket_hint(const struct obituary *about)
{
    bool v2 = about->settings->protocol == PROTOCOL_V2;
    if (about->broken) {
        return v2 ? " (workers.protocol is v2: does the script speak it?)"
                  : " (over a socket v3 is spoken unless workers.protocol is v2: does the script "
                    "speak it?)";
    }
    if (about->connected) {
        return "";
    }
    return v2 ? " (it gave no answer at workers.relay: does the script take its relay from "
                "RR_RELAY, "
                "and wait for payloads? v2 is spoken there, as workers.protocol says)"
              : " (it gave no answer at workers.relay: does the script take its relay from "
                "RR_RELAY, "
                "and wait for payloads? v3 is spoken there unless workers.protocol is v2)";
}

/* What to look at when there was no handshake. */
static const char *boot_hint(const struct obituary *about)
{
    if (about->asked_to_end || about->killed) {
        return "";
    }
    if (about->settings->listener != NULL) {
        return socket_hint(about);
    }
    switch (about->settings->protocol) {
    case PROTOCOL_V2:
        return " (workers.protocol is v2, standard input and output: does the script speak it, and "
               "print nothing else? protocol: auto offers v3 as well)";
    case PROTOCOL_V3:
        return " (workers.protocol is v3, descriptors 3 and 4 by RR_RELAY: does the script speak "
               "it? protocol: auto offers v2 as well)";
    case PROTOCOL_AUTO:
        break;
    }
    bool ended_well = about->exit.known && about->exit.signal == 0 && about->exit.status == 0;
    return about->overdue || ended_well
               ? " (does the script create a worker and wait for payloads? By protocol: auto it is "
                 "offered v3 on descriptors 3 and 4 and v2 on standard input and output, where it "
                 "must print nothing else)"
               : "";
}

/* What only the user can be the reason of: files that are closed to it. */
static int say_user(struct buffer *to, const struct obituary *about)
{
    const struct worker_user *user = about->settings->user;
    bool by_itself = about->exit.known && about->exit.signal == 0 && about->exit.status != 0;
    return user == NULL || !by_itself || about->asked_to_end
               ? STATUS_OK
               : buffer_print(to,
                              " (it ran as %s, workers.user: can that user read the script, and go "
                              "through the folders that lead to it?)",
                              user->name);
}

static int say_life(struct buffer *to, const struct obituary *about,
                    const struct worker_death *death)
{
    double age = seconds(death->age);
    if (!death->booted) {
        const char *before = about->overdue ? "" : " before it answered the handshake";
        int status =
            buffer_print(to, "%s, %.3f s after its start%s", before, age, boot_hint(about));
        return status == STATUS_OK ? say_user(to, about) : status;
    }
    int status = buffer_print(to, " after %" PRIu64 " job%s and %.3f s", death->jobs_done,
                              death->jobs_done == 1 ? "" : "s", age);
    return status == STATUS_OK && death->peak_memory > 0
               ? buffer_print(to, ", at most %.1f MiB of memory",
                              (double)death->peak_memory / (1024 * 1024))
               : status;
}

/* Left out where memory for it has run out, or where there is none. */
static int say_key(struct buffer *to, const struct death_job *job)
{
    char *key = job->key.size == 0 ? NULL : bytes_quote(job->key, job->key.size);
    int status =
        key == NULL ? STATUS_OK : buffer_print(to, "key %s%s, ", key, job->key_cut ? "..." : "");
    free(key);
    return status;
}

static int say_job(struct buffer *to, const struct death_job *job)
{
    if (!job->any) {
        return STATUS_OK;
    }
    int status = buffer_print(to, "; it had job %" PRIu64 " (", job->id);
    status = status != STATUS_OK ? status : say_key(to, job);
    if (status == STATUS_OK) {
        status = buffer_print(to, "%zu byte%s)", job->size, job->size == 1 ? "" : "s");
    }
    if (status == STATUS_OK && job->head.size > 0) {
        status = buffer_print(to, ": ");
        status = status != STATUS_OK ? status : utf8_print(to, job->head);
        status = status == STATUS_OK && job->head_cut ? buffer_print(to, "...") : status;
    }
    return status;
}

/* What came on the relay when it was ending already. */
static int say_last_words(struct buffer *to, const struct worker_death *death)
{
    return death->cause == DEATH_PROTOCOL || death->relay_error == NULL
               ? STATUS_OK
               : buffer_print(to, "; %s", death->relay_error);
}

static int say_output(struct buffer *to, struct bytes lines)
{
    const char *data = lines.data;
    int status = lines.size == 0 ? STATUS_OK : buffer_print(to, "; it said: ");
    for (size_t i = 0; i < lines.size && status == STATUS_OK; i++) {
        status = data[i] == '\n'   ? buffer_print(to, " | ")
                 : data[i] == '\0' ? buffer_print(to, "\\x00") /* it would end the text */
                                   : buffer_append(to, (struct bytes){data + i, 1});
    }
    return status;
}

char *obituary_write(const struct obituary *obituary, pid_t pid, struct worker_death *death)
{
    struct buffer text = {0};
    char *copy = NULL;
    if (buffer_print(&text, "worker %d ", (int)pid) == STATUS_OK &&
        say_cause(&text, obituary, death) == STATUS_OK) {
        death->brief = buffer_unread(&text).size;
    }
    if (death->brief > 0 && say_life(&text, obituary, death) == STATUS_OK &&
        say_job(&text, &death->job) == STATUS_OK && say_last_words(&text, death) == STATUS_OK &&
        say_output(&text, death->last_output) == STATUS_OK &&
        buffer_append(&text, (struct bytes){"", 1}) == STATUS_OK) {
        copy = strdup(buffer_unread(&text).data);
    }
    buffer_free(&text);
    death->text = copy == NULL ? "out of memory" : copy;
    death->brief = copy == NULL ? 0 : death->brief;
    return copy;
}
