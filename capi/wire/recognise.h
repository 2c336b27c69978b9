/* Whether bytes begin with a valid header of a format: to name it on a channel of the other, or to find
   out which one is spoken. */
#ifndef COYOTE_WIRE_RECOGNISE_H
#define COYOTE_WIRE_RECOGNISE_H

#include <stdbool.h>

#include "base/bytes.h"

bool goridge2_recognise(struct bytes came);
bool goridge3_recognise(struct bytes came);

#endif
