#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attach_private.h"
#include "attach_wait.h"
#include "base/clock.h"
#include "relay/attach/attach.h"

/* Nothing that comes from now on can be understood. */
static int break_off(struct attach *attach, int status, struct error *error)
{
    if (status == STATUS_EPROTOCOL || status == STATUS_ETOOBIG) {
        error_set(&attach->broken, status, "%s", error == NULL ? "" : error_text(error));
        attach->broken.status = status;
    }
    return status;
}

static int ended(struct attach *attach, struct error *error)
{
    const struct attach_format *format = &attach->format;
    if (!format->class->amid(format)) {
        attach->stopped = true;
        return 0;
    }
    error_set(&attach->broken, STATUS_ESYSTEM,
              "the server is gone, amid a message: %zu bytes of its last frame had come",
              format->class->rest(format).size);
    return error_set(error, STATUS_ESYSTEM, "%s", error_text(&attach->broken));
}

/* 1: something has come, or nothing after all; 0: nothing will; or a status. */
static int read_more(struct attach *attach, struct signal_hold *hold, int64_t deadline,
                     struct error *error)
{
    struct attach_format *format = &attach->format;
    int fd = attach->ends.read_fd;
    int status = attach_wait(fd, POLLIN, deadline, hold, error);
    if (status != STATUS_OK) {
        return status;
    }
    size_t size = 0;
    void *to = format->class->space(format, &size);
    if (to == NULL) {
        return error_set(error, STATUS_EMEMORY,
                         "out of memory for a payload of which %zu bytes have come",
                         format->class->rest(format).size);
    }
    ssize_t got = attach->ends.read_socket ? recv(fd, to, size, MSG_DONTWAIT) : read(fd, to, size);
    if (got > 0) {
        format->class->wrote(format, (size_t)got);
        return 1;
    }
    /* a socket's other end that was closed with bytes unread has ended as well */
    if (got == 0 || errno == ECONNRESET) {
        return ended(attach, error);
    }
    return errno == EAGAIN || errno == EINTR
               ? 1
               : error_system(error, errno, "reading from the server");
}

/* Room for what these put is there: see attach_open. */
static int greet(struct attach *attach, struct error *error)
{
    int status = attach->format.class->put_pid(&attach->writer, error);
    if (status == STATUS_OK && attach->leaving && !attach->greeted) {
        status = attach->format.class->put_stop(&attach->writer, error);
    }
    attach->greeted = attach->greeted || status == STATUS_OK;
    return status;
}

static int next_order(struct attach *attach, struct error *error)
{
    int got = STATUS_OK;
    if (!attach->recognised) {
        got = attach_format_recognise(&attach->format, error);
        attach->recognised = got > 0;
    }
    return attach->recognised ? attach->format.class->next(&attach->format, &attach->payload, error)
                              : got;
}

static int receive(struct attach *attach, struct signal_hold *hold, int64_t deadline,
                   struct error *error)
{
    for (;;) {
        int status = attach_flush(attach, hold, deadline, error);
        if (status != STATUS_OK) {
            return status;
        }
        int order = next_order(attach, error);
        switch (order) {
        case SERVER_SAYS_EXEC:
            if (attach->leaving) {
                break; /* another worker does it */
            }
            attach->owes = true;
            return 1;
        case SERVER_SAYS_PID:
            status = greet(attach, error);
            break;
        case SERVER_SAYS_PING:
            status = attach->format.class->put_pong(&attach->writer, error);
            break;
        case SERVER_SAYS_STOP:
            attach->stopped = true;
            return 0;
        case SERVER_SAYS_NOTHING:
            status = read_more(attach, hold, deadline, error);
            if (status == 0) {
                return 0;
            }
            break;
        default:
            return break_off(attach, order, error);
        }
        if (status < 0) {
            return status;
        }
    }
}

int attach_receive(struct attach *attach, int64_t timeout_ms, struct error *error)
{
    struct signal_hold hold = {0};
    int status = attach_check(attach, error);
    if (status != STATUS_OK) {
        return status;
    }
    if (attach->owes) {
        return error_set(error, STATUS_ESTATE,
                         "the payload before has no answer: send one, an error or a stop first");
    }
    attach->payload = (struct payload){{NULL, 0}, {NULL, 0}};
    if (attach->stopped) {
        return 0;
    }
    if (attach->broken.status != STATUS_OK) {
        return error_set(error, attach->broken.status, "%s", error_text(&attach->broken));
    }
    status = receive(attach, &hold, clock_after(timeout_ms), error);
    signal_hold_end(&hold);
    if (status != 1) {
        attach->payload = (struct payload){{NULL, 0}, {NULL, 0}};
    }
    return status;
}
