/* What control frames say: one JSON object, the same in both formats. */
#ifndef COYOTE_WIRE_CONTROL_H
#define COYOTE_WIRE_CONTROL_H

#include "base/bytes.h"
#include "base/error.h"

#define CONTROL_STOP_JSON "{\"stop\":true}"

enum { CONTROL_PID_SIZE = sizeof "{\"pid\":-2147483648}" };

/* Writes {"pid":N}; returns its length. */
size_t control_print_pid(char json[static CONTROL_PID_SIZE], int pid);

enum control_meaning { CONTROL_PID, CONTROL_STOP };

/* enum control_meaning, or STATUS_EPROTOCOL: not a JSON object, or one that says nothing known.
 *pid is set with CONTROL_PID alone. */
int control_understand(struct bytes bytes, int *pid, struct error *error);

#endif
