#include "obituary.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static int say_exit(struct buffer *to, const struct obituary *about)
{
    const struct loop_exit *exit = &about->exit;
    if (!exit->known) {
        return buffer_print(to, "ended; somebody else took its exit status");
    }
    if (exit->signal != 0) {
        struct cgroup_oom *oom = about->settings->oom;
        bool by_kernel = exit->signal == SIGKILL && oom != NULL && cgroup_oom_take(oom);
        return buffer_print(to, "was ended by signal %d (%s)%s%s", exit->signal,
                            strsignal(exit->signal), exit->core ? ", core dumped" : "",
                            by_kernel ? ", by the kernel because memory ran out" : "");
    }
    return buffer_print(to, "exited with status %d", exit->status);
}

static double seconds(int64_t milliseconds)
{
    return (double)milliseconds / 1000;
}

static int say_cause(struct buffer *to, const struct obituary *about)
{
    if (about->broken && about->reason.status == STATUS_EMEMORY) {
        return buffer_print(to, "was killed: memory ran out while it was served");
    }
    if (about->broken) {
        return buffer_print(to, "was killed, for it broke the protocol: %s",
                            error_text(&about->reason));
    }
    if (about->overdue && about->closed) {
        return buffer_print(to, "was killed: it closed its relay and did not end");
    }
    if (about->overdue && !about->booted && !about->asked_to_end) {
        return buffer_print(to, "was killed: it did not answer the handshake within %g s (%s)",
                            seconds(about->settings->boot_timeout),
                            about->settings->listener != NULL ? "relay_timeout"
                                                              : "allocate_timeout");
    }
    if (about->overdue) {
        return buffer_print(to, "was killed: it did not stop within %g s (destroy_timeout)",
                            seconds(about->settings->destroy_timeout));
    }
    if (about->unfinished) {
        return buffer_print(to, "was killed: it was still at an old job after %g s (%s)",
                            seconds(about->finish_within), about->finish_key);
    }
    if (about->stuck) {
        return buffer_print(to, "was killed: it was at one job for more than %g s (exec_ttl)",
                            seconds(about->settings->exec_ttl));
    }
    if (about->killed) {
        return buffer_print(to, "was killed by the pool");
    }
    return say_exit(to, about);
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

static int say_life(struct buffer *to, const struct obituary *about, const struct worker *worker)
{
    double age = (double)(clock_now() - worker->started) / (double)CLOCK_SECOND;
    if (!about->booted) {
        const char *before = about->overdue ? "" : " before it answered the handshake";
        return buffer_print(to, "%s, %.3f s after its start%s", before, age, boot_hint(about));
    }
    int status = buffer_print(to, " after %" PRIu64 " job%s and %.3f s", worker->assigned,
                              worker->assigned == 1 ? "" : "s", age);
    return status == STATUS_OK && about->exit.peak_memory > 0
               ? buffer_print(to, ", at most %.1f MiB of memory",
                              (double)about->exit.peak_memory / (1024 * 1024))
               : status;
}

/* What came on the relay when it was ending already. */
static int say_last_words(struct buffer *to, const struct obituary *about)
{
    return about->broken || about->reason.text == NULL
               ? STATUS_OK
               : buffer_print(to, "; %s", about->reason.text);
}

static int say_output(struct buffer *to, const struct output_tail *tail)
{
    char *said = output_tail_text(tail);
    int status = said == NULL ? STATUS_EMEMORY : STATUS_OK;
    if (status == STATUS_OK && said[0] != '\0') {
        status = buffer_print(to, "; it said: %s", said);
    }
    free(said);
    return status;
}

char *obituary_write(const struct obituary *obituary, const struct worker *worker,
                     const struct output_tail *tail)
{
    struct buffer text = {0};
    char *copy = NULL;
    if (buffer_print(&text, "worker ") == STATUS_OK && say_cause(&text, obituary) == STATUS_OK &&
        say_life(&text, obituary, worker) == STATUS_OK &&
        say_last_words(&text, obituary) == STATUS_OK && say_output(&text, tail) == STATUS_OK &&
        buffer_append(&text, (struct bytes){"", 1}) == STATUS_OK) {
        copy = strdup(buffer_unread(&text).data);
    }
    buffer_free(&text);
    return copy;
}
