/* Replies that go out as handles. */
#ifndef COYOTE_ABI_ABI_REPLY_H
#define COYOTE_ABI_ABI_REPLY_H

#include <bindings.h>

#include "base/error.h"
#include "payload/host/host_jobs.h"

/* A reply that was taken becomes a handle; NULL: status is a failure, or memory ran out. The error is
   kept. */
coy_reply *abi_reply_hand_out(int status, struct taken_reply *reply, struct error *error);

#endif
