/* Writing to a pipe whose reader may be gone, in somebody else's process. */
#ifndef COYOTE_RELAY_QUIET_WRITE_H
#define COYOTE_RELAY_QUIET_WRITE_H

#include <sys/types.h>
#include <sys/uio.h>

/* writev() that answers EPIPE and raises no SIGPIPE. MSG_NOSIGNAL is for sockets alone, and a
   library must not change its host's signal disposition. */
ssize_t quiet_writev(int fd, const struct iovec *parts, int count);

#endif
