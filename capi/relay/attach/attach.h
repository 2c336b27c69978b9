/* The worker's end of a relay: payloads in, answers out. For a process that a server has started; its
   descriptors keep their flags, and no call but attach_open and those that send blocks longer than
   it is told. */
#ifndef COYOTE_RELAY_ATTACH_ATTACH_H
#define COYOTE_RELAY_ATTACH_ATTACH_H

#include <stdint.h>

#include "base/error.h"
#include "payload/payload.h"

struct attach;

/* address: "pipes" (standard input and output), "pipes://fd/N:fd/M" or "pipes://stdin:stdout" (input
   first), "unix://path", "tcp://host:port"; NULL: what RR_RELAY says, else "pipes". What it opens is
   closed by attach_free; descriptors that the address names stay open.
   STATUS_EINVAL, STATUS_ESTATE (they have a relay already), STATUS_ESYSTEM, STATUS_EMEMORY,
   STATUS_EINTERRUPTED. */
int attach_open(const char *address, struct attach **opened, struct error *error);

/* Waits for the next payload; the handshake and whatever else the server orders is answered here.
   1: attach_payload is it; 0: stop, or the server is gone: now and for ever after. STATUS_ETIMEOUT,
   STATUS_EINTERRUPTED: nothing that came is lost. STATUS_EPROTOCOL, STATUS_ETOOBIG, or STATUS_ESYSTEM
   amid a message: for ever after. STATUS_ESTATE: the payload before has no answer. STATUS_EMEMORY: call
   again when there is some. STATUS_EFORKED. */
int attach_receive(struct attach *attach, int64_t timeout_ms, struct error *error);

/* Of the last attach_receive; a NUL that is not counted follows either part. NULL and 0 where it has
   given none. */
const struct payload *attach_payload(const struct attach *attach);

/* Answers it. 0; STATUS_ESTATE: there is none without an answer; STATUS_ETOOBIG, STATUS_EINVAL,
   STATUS_EMEMORY: it still has none; STATUS_ESYSTEM: the server is gone. STATUS_EINTERRUPTED: it has
   its answer, of which a part is yet to be written: by the same call again, whatever it is given
   then, or by attach_receive. STATUS_EFORKED. */
int attach_send(struct attach *attach, const struct payload *reply, struct error *error);
int attach_error(struct attach *attach, struct bytes message, struct error *error);

/* Asks the server to stop this worker; a payload without an answer goes back to it, and no other is
   given any more. Before the handshake it is sent with that. As attach_send. */
int attach_stop(struct attach *attach, struct error *error);

/* The descriptor that is read from; STATUS_EFORKED. */
int attach_fd(const struct attach *attach, struct error *error);

void attach_free(struct attach *attach);

#endif
