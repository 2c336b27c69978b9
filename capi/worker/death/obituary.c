#include "obituary.h"

#include <signal.h>

#include "base/clock.h"

static enum death_cause cause_of_kill(const struct obituary *about)
{
    if (about->broken) {
        return about->reason.status == STATUS_EMEMORY ? DEATH_MEMORY : DEATH_PROTOCOL;
    }
    if (about->overdue && about->closed) {
        return DEATH_CLOSED;
    }
    if (about->overdue && !about->booted && !about->asked_to_end) {
        return DEATH_BOOT_TIMEOUT;
    }
    if (about->overdue) {
        return DEATH_DESTROY_TIMEOUT;
    }
    if (about->unfinished) {
        return DEATH_RESET_TIMEOUT;
    }
    return about->stuck ? DEATH_EXEC_TTL : DEATH_KILLED;
}

static bool killed_for_memory(const struct obituary *about)
{
    struct cgroup_oom *oom = about->settings->oom;
    return about->exit.known && about->exit.signal == SIGKILL && oom != NULL &&
           cgroup_oom_take(oom);
}

static enum death_cause cause_of(const struct obituary *about, bool expected)
{
    if (about->broken || about->overdue || about->stuck || about->killed) {
        return cause_of_kill(about);
    }
    if (killed_for_memory(about)) {
        return DEATH_OOM;
    }
    if (expected) {
        return DEATH_EXPECTED;
    }
    if (!about->booted) {
        return DEATH_BOOT;
    }
    return !about->exit.known ? DEATH_UNKNOWN : about->exit.signal != 0 ? DEATH_SIGNAL : DEATH_EXIT;
}

/* The kernel hands the peak of whoever starts a process down to it (exec_mmap() in fs/exec.c), and
   counts roughly: what is not clearly more than that may be ours. */
static size_t peak_memory(const struct obituary *about)
{
    size_t ours = about->own_peak + about->own_peak / 16;
    return about->exit.peak_memory > ours ? about->exit.peak_memory : 0;
}

void obituary_judge(const struct obituary *obituary, const struct worker *worker,
                    const struct output_tail *tail, struct worker_death *death)
{
    const struct loop_exit *exit = &obituary->exit;
    bool expected = obituary->asked_to_end && !obituary->overdue && !obituary->fails_a_job;
    bool told = obituary->reason.text != NULL && obituary->reason.status != STATUS_EMEMORY;
    enum death_cause cause = cause_of(obituary, expected);
    *death = (struct worker_death){
        .cause = cause,
        .expected = expected && cause != DEATH_OOM,
        .booted = obituary->booted,
        .known = exit->known,
        .signal = exit->known ? exit->signal : 0,
        .exit_status = exit->known ? exit->status : -1,
        .core_dumped = exit->known && exit->core,
        .age = (clock_now() - worker->started) / CLOCK_MILLISECOND,
        .jobs_done = worker->assigned - obituary->unanswered,
        .peak_memory = peak_memory(obituary),
        .job = obituary->job,
        .relay_error = told ? error_text(&obituary->reason) : NULL,
        .last_output = output_tail_lines(tail),
    };
}
