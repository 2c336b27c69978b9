#include <poll.h>

#include "attach_private.h"
#include "attach_wait.h"
#include "base/clock.h"
#include "relay/attach/attach.h"

/* As workers ask for their end, in either format. */
static const char stop_context[] = "{\"stop\":true}";

int attach_flush(struct attach *attach, struct signal_hold *hold, int64_t deadline,
                 struct error *error)
{
    int left;
    while ((left = frame_writer_flush(&attach->writer, error)) > 0) {
        int status = attach_wait(attach->ends.write_fd, POLLOUT, deadline, hold, error);
        if (status != STATUS_OK) {
            return status;
        }
    }
    if (attach->cut_off) {
        attach->cut_off = false;
        buffer_free(&attach->kept);
    }
    if (left < 0) {
        frame_writer_reset(&attach->writer);
        attach->stopped = true;
        error_prefix(error, "the server is gone: ");
    }
    return left;
}

/* What is borrowed must not be needed any more when the call is over. */
static int keep_rest(struct attach *attach)
{
    if (attach->cut_off) {
        return STATUS_OK;
    }
    int status = frame_writer_keep(&attach->writer, &attach->kept);
    attach->cut_off = status == STATUS_OK;
    return status;
}

static int finish(struct attach *attach, struct error *error)
{
    struct signal_hold hold = {0};
    int status = attach_flush(attach, &hold, CLOCK_NEVER, error);
    while (status == STATUS_EINTERRUPTED && keep_rest(attach) != STATUS_OK) {
        signal_hold_end(&hold); /* no memory: let the handler run, and stay */
        error_clear(error);
        status = attach_flush(attach, &hold, CLOCK_NEVER, error);
    }
    signal_hold_end(&hold);
    return status;
}

static int check_owes(const struct attach *attach, struct error *error)
{
    if (attach->owes) {
        return STATUS_OK;
    }
    return error_set(error, STATUS_ESTATE,
                     "there is no payload to answer: the last receive has given none, or it has "
                     "its answer");
}

/* Once it is put the payload has its answer, whatever becomes of the writing. */
static int answer(struct attach *attach, int put, struct error *error)
{
    if (put != STATUS_OK) {
        return put;
    }
    attach->owes = false;
    return finish(attach, error);
}

int attach_send(struct attach *attach, const struct payload *reply, struct error *error)
{
    int status = attach_check(attach, error);
    if (status != STATUS_OK) {
        return status;
    }
    if (attach->cut_off) {
        return finish(attach, error);
    }
    status = check_owes(attach, error);
    if (status == STATUS_OK && reply->body.size == 0 &&
        bytes_equal(reply->context, bytes_of_text(stop_context))) {
        status = error_set(error, STATUS_EINVAL,
                           "an empty answer with the context %s would ask the server to stop this "
                           "worker: there is a call of its own for that",
                           stop_context);
    }
    return status != STATUS_OK
               ? status
               : answer(attach, attach->format.class->put_reply(&attach->writer, reply, error),
                        error);
}

int attach_error(struct attach *attach, struct bytes message, struct error *error)
{
    int status = attach_check(attach, error);
    if (status != STATUS_OK) {
        return status;
    }
    if (attach->cut_off) {
        return finish(attach, error);
    }
    status = check_owes(attach, error);
    return status != STATUS_OK
               ? status
               : answer(attach, attach->format.class->put_error(&attach->writer, message, error),
                        error);
}

int attach_stop(struct attach *attach, struct error *error)
{
    int status = attach_check(attach, error);
    if (status != STATUS_OK || attach->stopped) {
        return status;
    }
    if (!attach->leaving && (attach->greeted || attach->owes)) {
        status = attach->format.class->put_stop(&attach->writer, error);
    }
    if (status != STATUS_OK) {
        return status;
    }
    attach->leaving = true;
    attach->owes = false;
    return finish(attach, error);
}
