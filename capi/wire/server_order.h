/* What a server's frames say to a worker, in either format. */
#ifndef COYOTE_WIRE_SERVER_ORDER_H
#define COYOTE_WIRE_SERVER_ORDER_H

enum server_order {
    SERVER_SAYS_NOTHING, /* a part of something, or what concerns nobody any more */
    SERVER_SAYS_EXEC,    /* a payload, to be answered */
    SERVER_SAYS_PID,     /* its pid, to be answered by the worker's */
    SERVER_SAYS_PING,    /* to be answered by a PONG; third format alone */
    SERVER_SAYS_STOP     /* end */
};

#endif
