#include "loop/loop_signal.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "loop_fork.h"

/* `timeout` and terminals signal a process and its group: the same wish, heard twice. */
#define ONE_WISH (10 * CLOCK_MILLISECOND)

static const int taken[] = {SIGINT, SIGTERM, SIGHUP};
enum { TAKEN = sizeof taken / sizeof *taken };

/* What the handler may touch. */
static struct {
    struct loop_signals *owner;
    int fd;
    unsigned generation; /* of the process that took them */
    atomic_uint count;
    atomic_int last;
    atomic_uint hung_up;   /* deliveries of SIGHUP that were not told yet */
    _Atomic int64_t heard; /* when; 0: not yet */
    struct sigaction before[TAKEN];
    sigset_t mask_before;
} state = {.fd = -1};

/* A child that the program forks has the handlers too, and must not stop its parent's server by its own
   signals: it is given back what was there. Not coyote-embed, which answers for PHP's children. */
static bool of_child(int signal)
{
    const struct loop_signals *owner = state.owner;
    if (owner == NULL || owner->at_once != NULL || state.generation == fork_generation()) {
        return false;
    }
    for (int i = 0; i < TAKEN; i++) {
        if (taken[i] == signal) {
            sigaction(signal, &state.before[i], NULL);
            raise(signal);
        }
    }
    return true;
}

static void handle(int signal)
{
    int saved = errno;
    if (of_child(signal)) {
        errno = saved;
        return;
    }
    if (signal == SIGHUP) {
        atomic_fetch_add(&state.hung_up, 1);
        eventfd_write(state.fd, 1);
        errno = saved;
        return;
    }
    int64_t now = clock_now();
    if (now - atomic_load(&state.heard) < ONE_WISH) {
        errno = saved;
        return;
    }
    atomic_store(&state.heard, now);
    atomic_store(&state.last, signal);
    unsigned count = atomic_fetch_add(&state.count, 1) + 1;
    eventfd_write(state.fd, 1);
    if (state.owner != NULL && state.owner->at_once != NULL) {
        state.owner->at_once(signal, count);
    }
    errno = saved;
}

static void signals_ready(struct loop_watch *watch, uint32_t events)
{
    struct loop_signals *signals = container_of(watch, struct loop_signals, watch);
    eventfd_t ignored;
    (void)events;
    eventfd_read(watch->fd, &ignored);
    unsigned count = atomic_load(&state.count);
    unsigned fresh = count - signals->seen;
    signals->seen = count;
    if (atomic_exchange(&state.hung_up, 0) > 0) {
        signals->hung_up(signals);
    }
    if (fresh > 0) {
        signals->received(signals, atomic_load(&state.last), fresh);
    }
}

static bool wanted(const struct loop_signals *signals, int signal)
{
    struct sigaction now;
    return signal != SIGHUP || (signals->hung_up != NULL && sigaction(signal, NULL, &now) == 0 &&
                                now.sa_handler != SIG_IGN);
}

/* before: where those go that were there; NULL: nowhere. */
static void install(const struct loop_signals *signals, struct sigaction *before,
                    sigset_t *mask_before)
{
    /* SA_RESTART: what PHP was doing inside coyote-embed goes on undisturbed where it can. */
    sigset_t heard;
    sigemptyset(&heard);
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < TAKEN; i++) {
        bool take = wanted(signals, taken[i]);
        sigaction(taken[i], take ? &action : NULL, before == NULL ? NULL : &before[i]);
        if (take) {
            sigaddset(&heard, taken[i]);
        }
    }
    /* who started us may have blocked them */
    pthread_sigmask(SIG_UNBLOCK, &heard, mask_before);
}

void loop_signals_again(struct loop_signals *signals)
{
    if (state.owner == signals) {
        install(signals, NULL, NULL);
    }
}

int loop_signals_start(struct loop *loop, struct loop_signals *signals, struct error *error)
{
    if (state.owner != NULL) {
        return error_set(error, STATUS_ESTATE, "the signals of this process are taken already");
    }
    state.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (state.fd < 0) {
        return error_system(error, errno, "making a descriptor for signals");
    }
    atomic_store(&state.count, 0);
    atomic_store(&state.heard, 0);
    signals->seen = 0;
    signals->watch = (struct loop_watch){.ready = signals_ready};
    int status = loop_watch_start(loop, &signals->watch, state.fd, EPOLLIN, error);
    if (status != STATUS_OK) {
        close(state.fd);
        state.fd = -1;
        return status;
    }
    state.generation = fork_generation();
    state.owner = signals;
    install(signals, state.before, &state.mask_before);
    return STATUS_OK;
}

void loop_signals_stop(struct loop_signals *signals)
{
    if (state.owner != signals) {
        return;
    }
    pthread_sigmask(SIG_SETMASK, &state.mask_before, NULL);
    for (int i = 0; i < TAKEN; i++) {
        sigaction(taken[i], &state.before[i], NULL);
    }
    loop_watch_stop(&signals->watch);
    state.owner = NULL;
    close(state.fd);
    state.fd = -1;
}
