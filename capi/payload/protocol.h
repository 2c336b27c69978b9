/* What is spoken with workers. */
#ifndef COYOTE_PAYLOAD_PROTOCOL_H
#define COYOTE_PAYLOAD_PROTOCOL_H

/* The server speaks first, so it can't find out by listening: AUTO offers v3 on descriptors 3 and 4
   and v2 on standard input and output, and the one that the worker answers is taken. */
enum protocol {
    PROTOCOL_AUTO,
    PROTOCOL_V2, /* goridge v2: workers of RoadRunner 1 */
    PROTOCOL_V3  /* goridge v3: workers of RoadRunner 2 and later, and ours */
};

#endif
