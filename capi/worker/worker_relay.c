#include "worker/worker_relay.h"

#include "relay/ends/relay_address.h"
#include "relay/relay_listener.h"
#include "worker/worker_user.h"

bool worker_relay_is_pipes(const char *address)
{
    return relay_address_is_pipes(address);
}

int worker_relay_check(const char *address, struct error *error)
{
    struct relay_address parsed;
    return relay_address_is_pipes(address) ? STATUS_OK
                                           : relay_address_parse(address, &parsed, error);
}

int worker_relay_open(struct worker_settings *settings, const char *address, struct error *error)
{
    const struct relay_listener_settings listener = {
        .loop = settings->loop,
        .log = settings->log,
        .service = settings->service,
        .address = address,
        .protocol = settings->protocol,
        .limit = settings->max_payload_size,
        .timeout = settings->boot_timeout,
        .user = settings->user == NULL ? NULL : &settings->user->uid,
    };
    settings->listener = NULL;
    return relay_address_is_pipes(address)
               ? STATUS_OK
               : relay_listener_new(&listener, &settings->listener, error);
}

void worker_relay_close(struct worker_settings *settings)
{
    relay_listener_free(settings->listener);
    settings->listener = NULL;
}
