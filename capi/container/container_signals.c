#include <signal.h>

#include "base/list.h"
#include "container_state.h"

static void received(struct loop_signals *signals, int last, unsigned count)
{
    struct container *container = container_of(signals, struct container, signals);
    bool first = container->signal_count == 0;
    container->heard++;
    container->signal_count += count;
    container->last_signal = last;
    if (container->signal_count > 1) {
        if (!container->stopping_now) {
            log_write(container->log, LOG_LEVEL_WARNING, NULL, 0,
                      "a second signal: stopping at once, what runs is cut off");
        }
        container_stop_now(container);
    } else if (first) {
        log_write(container->log, LOG_LEVEL_INFO, NULL, 0,
                  "stopping: what has begun may end; %s to stop at once",
                  last == SIGINT ? "press Ctrl-C again" : "send the signal again");
        container_stop(container);
    }
}

static void hung_up(struct loop_signals *signals)
{
    struct container *container = container_of(signals, struct container, signals);
    container->heard++;
    container_reset(container);
}

int container_take_signals(struct container *container, void (*at_once)(int signal, unsigned count),
                           struct error *error)
{
    if (container->signals_taken) {
        loop_signals_again(&container->signals);
        return STATUS_OK;
    }
    container->signals =
        (struct loop_signals){.received = received, .hung_up = hung_up, .at_once = at_once};
    int status = loop_signals_start(container->loop, &container->signals, error);
    container->signals_taken = status == STATUS_OK;
    return status;
}

void container_release_signals(struct container *container)
{
    if (container->signals_taken) {
        loop_signals_stop(&container->signals);
        container->signals_taken = false;
    }
}

unsigned container_heard(const struct container *container)
{
    return container->heard;
}

unsigned container_signals(const struct container *container, int *last)
{
    *last = container->last_signal;
    return container->signal_count;
}
