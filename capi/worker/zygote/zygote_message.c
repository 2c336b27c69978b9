#include "worker/zygote/zygote_message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
    struct cmsghdr header; /* for its alignment */
    char room[CMSG_SPACE(ZYGOTE_FDS_MOST * sizeof(int))];
};

int zygote_message_send(int socket, const struct zygote_message *message, const int *fds,
                        size_t fd_count, struct error *error)
{
    struct zygote_message sent = *message;
    union control control;
    struct iovec bytes = {&sent, sizeof sent};
    struct msghdr packet = {.msg_iov = &bytes, .msg_iovlen = 1};
    sent.version = ZYGOTE_VERSION;
    if (fd_count > ZYGOTE_FDS_MOST) {
        return error_set(error, STATUS_EINVAL, "%zu descriptors are too many for a zygote",
                         fd_count);
    }
    if (fd_count > 0) {
        memset(&control, 0, sizeof control);
        packet.msg_control = control.room;
        packet.msg_controllen = CMSG_SPACE(fd_count * sizeof *fds);
        struct cmsghdr *header = CMSG_FIRSTHDR(&packet);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(fd_count * sizeof *fds);
        memcpy(CMSG_DATA(header), fds, fd_count * sizeof *fds);
    }
    ssize_t wrote;
    do {
        wrote = sendmsg(socket, &packet, MSG_NOSIGNAL);
    } while (wrote < 0 && errno == EINTR);
    if (wrote >= 0) {
        return STATUS_OK;
    }
    return errno == EAGAIN ? error_set(error, STATUS_ETIMEOUT, "the zygote's socket is full")
                           : error_system(error, errno, "writing to a zygote's socket");
}

/* All of them, whatever else is wrong: none may stay open unknown. */
static void take_descriptors(struct msghdr *packet, struct zygote_parcel *parcel)
{
    for (struct cmsghdr *header = CMSG_FIRSTHDR(packet); header != NULL;
         header = CMSG_NXTHDR(packet, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
            if (parcel->fd_count < ZYGOTE_FDS_MOST) {
                parcel->fds[parcel->fd_count++] = fd;
            } else {
                close(fd);
            }
        }
    }
}

static int refuse(struct zygote_parcel *parcel, struct error *error)
{
    for (size_t i = 0; i < parcel->fd_count; i++) {
        close(parcel->fds[i]);
    }
    parcel->fd_count = 0;
    return error_set(error, STATUS_EPROTOCOL,
                     "a zygote and its launcher are of different versions: use the coyote-embed "
                     "that belongs to this library");
}

int zygote_message_receive(int socket, struct zygote_parcel *parcel, struct error *error)
{
    union control control;
    *parcel = (struct zygote_parcel){0};
    struct iovec bytes = {&parcel->message, sizeof parcel->message};
    struct msghdr packet = {.msg_iov = &bytes,
                            .msg_iovlen = 1,
                            .msg_control = control.room,
                            .msg_controllen = sizeof control.room};
    ssize_t got;
    do {
        got = recvmsg(socket, &packet, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        if (errno == ECONNRESET) {
            return 0;
        }
        return errno == EAGAIN ? error_set(error, STATUS_ETIMEOUT, "the zygote has said nothing")
                               : error_system(error, errno, "reading from a zygote's socket");
    }
    take_descriptors(&packet, parcel);
    if (got == 0) {
        return 0;
    }
    bool whole = got == (ssize_t)sizeof parcel->message && (packet.msg_flags & MSG_TRUNC) == 0 &&
                 (packet.msg_flags & MSG_CTRUNC) == 0;
    return whole && parcel->message.version == ZYGOTE_VERSION ? 1 : refuse(parcel, error);
}
