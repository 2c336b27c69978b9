/* The descriptors of a relay's worker's end. */
#ifndef COYOTE_RELAY_ATTACH_ATTACH_ENDS_H
#define COYOTE_RELAY_ATTACH_ATTACH_ENDS_H

#include <stdbool.h>

#include "base/error.h"

struct attach_ends {
    int read_fd;
    int write_fd;
    bool read_socket; /* what it is: reading and writing without blocking differ */
    bool write_socket;
    bool own; /* opened here, to be closed; both are the same then */
};

/* text: the address, as of attach_open. After a failure there is nothing to close. */
int attach_ends_open(const char *text, struct attach_ends *ends, struct error *error);
void attach_ends_close(struct attach_ends *ends);

#endif
