#include "relay/attach/attach.h"

#include <stdlib.h>
#include <unistd.h>

#include "attach_private.h"
#include "relay/ends/quiet_write.h"

/* As many frames as ever wait at once: an answer in two, and what the handshake brings. So there is
   room for them when there is no memory left. */
enum { FRAMES = 4 };

static int attach_prepare(struct attach *attach, const char *address, struct error *error)
{
    int status = attach_ends_open(address, &attach->ends, error);
    if (status != STATUS_OK) {
        return status;
    }
    if (!attach_claim_take(&attach->claim, attach->ends.read_fd)) {
        return error_set(error, STATUS_ESTATE,
                         "descriptor %d has a relay already, and a process has one way to its "
                         "server: use that one, or free it first",
                         attach->ends.read_fd);
    }
    attach->writer.fd = attach->ends.write_fd;
    attach->writer.write = attach->ends.write_socket ? quiet_writev_socket : quiet_writev_pipe;
    return frame_writer_reserve(&attach->writer, FRAMES) == STATUS_OK ? STATUS_OK
                                                                      : error_memory(error);
}

int attach_open(const char *address, struct attach **opened, struct error *error)
{
    struct attach *attach = calloc(1, sizeof *attach);
    if (attach == NULL) {
        return error_memory(error);
    }
    attach->pid = getpid();
    attach_format_init(&attach->format);
    int status = attach_prepare(attach, address, error);
    if (status != STATUS_OK) {
        attach_free(attach);
        return status;
    }
    *opened = attach;
    return STATUS_OK;
}

int attach_check(const struct attach *attach, struct error *error)
{
    if (attach->pid == getpid()) {
        return STATUS_OK;
    }
    return error_set(error, STATUS_EFORKED,
                     "this process is a fork of the one that made the relay, which has it still");
}

const struct payload *attach_payload(const struct attach *attach)
{
    return &attach->payload;
}

int attach_fd(const struct attach *attach, struct error *error)
{
    int status = attach_check(attach, error);
    return status == STATUS_OK ? attach->ends.read_fd : status;
}

void attach_free(struct attach *attach)
{
    if (attach != NULL) {
        attach_claim_give_up(&attach->claim);
        attach_ends_close(&attach->ends);
        attach_format_free(&attach->format);
        frame_writer_free(&attach->writer);
        buffer_free(&attach->kept);
        error_clear(&attach->broken);
        free(attach);
    }
}
