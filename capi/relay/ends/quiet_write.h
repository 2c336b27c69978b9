/* Writing to a pipe whose reader may be gone, in somebody else's process. */
#ifndef COYOTE_RELAY_ENDS_QUIET_WRITE_H
#define COYOTE_RELAY_ENDS_QUIET_WRITE_H

#include <sys/types.h>
#include <sys/uio.h>

/* writev() that answers EPIPE and raises no SIGPIPE. MSG_NOSIGNAL is for sockets alone, and a
   library must not change its host's signal disposition. */
ssize_t quiet_writev(int fd, const struct iovec *parts, int count);

/* Two that never block, whatever the descriptor's flags say: EAGAIN instead. Into a pipe at most
   PIPE_BUF bytes at a time, for so many it takes whole once it says that it is writable. */
ssize_t quiet_writev_pipe(int fd, const struct iovec *parts, int count);
ssize_t quiet_writev_socket(int fd, const struct iovec *parts, int count);

#endif
