#include "attach_wait.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

#include "base/clock.h"

static struct timespec timespec_of(int64_t nanoseconds)
{
    return (struct timespec){.tv_sec = (time_t)(nanoseconds / CLOCK_SECOND),
                             .tv_nsec = (long)(nanoseconds % CLOCK_SECOND)};
}

int attach_wait(int fd, short events, int64_t deadline, struct signal_hold *hold,
                struct error *error)
{
    struct pollfd wanted = {.fd = fd, .events = events};
    struct timespec left = {0};
    if (!hold->held) {
        signal_hold_init(hold);
        signal_hold_begin(hold);
    }
    if (signal_hold_interrupted(hold)) {
        return error_set(error, STATUS_EINTERRUPTED, "a signal came: call again");
    }
    if (deadline != CLOCK_NEVER) {
        int64_t rest = deadline - clock_now();
        left = timespec_of(rest > 0 ? rest : 0);
    }
    int ready = ppoll(&wanted, 1, deadline == CLOCK_NEVER ? NULL : &left, signal_hold_mask(hold));
    if (ready > 0) {
        return (wanted.revents & POLLNVAL) == 0
                   ? STATUS_OK
                   : error_set(error, STATUS_ESYSTEM,
                               "descriptor %d of the relay was closed behind its back", fd);
    }
    if (ready == 0) {
        return error_set(error, STATUS_ETIMEOUT, "nothing came in time");
    }
    return errno == EINTR ? error_set(error, STATUS_EINTERRUPTED, "a signal came: call again")
                          : error_system(error, errno, "waiting for the server");
}
