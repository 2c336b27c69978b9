/* Group: relay. */
#include <bindings.h>

coy_relay *coy_relay_attach(const char *address)
{
    (void)address;
    return NULL;
}

int coy_relay_receive(coy_relay *relay, int64_t timeout_ms)
{
    (void)relay;
    (void)timeout_ms;
    return COY_ESTATE;
}

const void *coy_relay_body(const coy_relay *relay)
{
    (void)relay;
    return NULL;
}

size_t coy_relay_body_size(const coy_relay *relay)
{
    (void)relay;
    return 0;
}

const void *coy_relay_context(const coy_relay *relay)
{
    (void)relay;
    return NULL;
}

size_t coy_relay_context_size(const coy_relay *relay)
{
    (void)relay;
    return 0;
}

int coy_relay_send(coy_relay *relay, const void *context, size_t context_size, const void *body,
                   size_t body_size)
{
    (void)relay;
    (void)context;
    (void)context_size;
    (void)body;
    (void)body_size;
    return COY_ESTATE;
}

int coy_relay_error(coy_relay *relay, const void *message, size_t size)
{
    (void)relay;
    (void)message;
    (void)size;
    return COY_ESTATE;
}

int coy_relay_stop(coy_relay *relay)
{
    (void)relay;
    return COY_ESTATE;
}

int coy_relay_fd(coy_relay *relay)
{
    (void)relay;
    return COY_ESTATE;
}

void coy_relay_free(coy_relay *relay)
{
    (void)relay;
}
