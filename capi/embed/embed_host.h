/* What the built-in functions ask of the process they run in. Inline, the executor answers, which
   steps the loop; the workers of a zygote will answer from their relay. */
#ifndef COYOTE_EMBED_HOST_H
#define COYOTE_EMBED_HOST_H

#include "payload/reply.h"

enum embed_event {
    EMBED_EVENT_NONE,     /* the script has no event in hand */
    EMBED_EVENT_IN_HAND,  /* it has one and has not answered yet */
    EMBED_EVENT_ANSWERED, /* it has answered the one that receive gave last */
};

struct embed_host {
    enum embed_event event; /* kept by the host; misuse is refused before the host is asked */

    /* Settles the event before and waits for the next: true and *event, whose bytes live until
       the next receive or the end of the script; false: stop. */
    bool (*receive)(struct embed_host *host, struct payload *event);

    /* Only while EMBED_EVENT_IN_HAND. OUTCOME_OK with a payload or OUTCOME_ERROR with a message;
       the bytes stay where they are until the next receive or leave. */
    void (*answer)(struct embed_host *host, enum outcome outcome, struct payload payload,
                   struct bytes message);

    /* The script's memory goes: settle what was answered. */
    void (*leave)(struct embed_host *host);

    /* The script wants to be replaced: receive answers false from now on, and an event in hand
       goes to its successor. */
    void (*stop)(struct embed_host *host);
};

#endif
