/* Group: relay. Accessors leave the last error as it was. */
#include "abi_relay.h"

#include <bindings.h>
#include <stdlib.h>

#include "abi_check.h"
#include "handle.h"
#include "last_error.h"
#include "occupancy.h"
#include "relay/attach/attach.h"

struct abi_relay {
    struct attach *attach;
    struct occupancy occupancy;
};

/* NULL with the error kept. Followed by leave. */
static struct abi_relay *enter(coy_relay *relay)
{
    struct error error = {0};
    struct abi_relay *found = handle_find(HANDLE_RELAY, relay);
    if (found == NULL) {
        last_error_keep(handle_error(HANDLE_RELAY, relay, &error), &error);
    } else {
        occupancy_enter(&found->occupancy);
    }
    return found;
}

static void abi_relay_free(struct abi_relay *relay)
{
    if (relay != NULL) {
        attach_free(relay->attach);
        free(relay);
    }
}

static int leave(struct abi_relay *relay, int status, struct error *error)
{
    if (occupancy_leave(&relay->occupancy)) {
        abi_relay_free(relay);
    }
    return last_error_keep(status, error);
}

void abi_relay_unload(struct abi_relay *relay)
{
    if (occupancy_is_empty(&relay->occupancy)) {
        abi_relay_free(relay);
    }
}

coy_relay *coy_relay_attach(const char *address)
{
    struct error error = {0};
    void *handle = NULL;
    struct abi_relay *relay = calloc(1, sizeof *relay);
    int status =
        relay == NULL ? error_memory(&error) : attach_open(address, &relay->attach, &error);
    if (status == STATUS_OK) {
        handle = handle_new(HANDLE_RELAY, relay);
        status = handle == NULL ? error_memory(&error) : STATUS_OK;
    }
    if (handle == NULL) {
        abi_relay_free(relay);
    }
    last_error_keep(status, &error);
    return handle;
}

int coy_relay_receive(coy_relay *relay, int64_t timeout_ms)
{
    struct error error = {0};
    struct abi_relay *found = enter(relay);
    if (found == NULL) {
        return coy_error_status();
    }
    return leave(found, attach_receive(found->attach, timeout_ms, &error), &error);
}

static struct payload payload_of(const coy_relay *relay)
{
    const struct abi_relay *found = handle_find(HANDLE_RELAY, relay);
    return found == NULL ? (struct payload){{NULL, 0}, {NULL, 0}} : *attach_payload(found->attach);
}

const void *coy_relay_body(const coy_relay *relay)
{
    return payload_of(relay).body.data;
}

size_t coy_relay_body_size(const coy_relay *relay)
{
    return payload_of(relay).body.size;
}

const void *coy_relay_context(const coy_relay *relay)
{
    return payload_of(relay).context.data;
}

size_t coy_relay_context_size(const coy_relay *relay)
{
    return payload_of(relay).context.size;
}

int coy_relay_send(coy_relay *relay, const void *context, size_t context_size, const void *body,
                   size_t body_size)
{
    struct error error = {0};
    const struct payload reply = {{context, context_size}, {body, body_size}};
    struct abi_relay *found = enter(relay);
    if (found == NULL) {
        return coy_error_status();
    }
    int status = abi_bytes_check(context, context_size, "context", &error);
    status = status != STATUS_OK ? status : abi_bytes_check(body, body_size, "body", &error);
    status = status != STATUS_OK ? status : attach_send(found->attach, &reply, &error);
    return leave(found, status, &error);
}

int coy_relay_error(coy_relay *relay, const void *message, size_t size)
{
    struct error error = {0};
    const struct bytes bytes = {message, size};
    struct abi_relay *found = enter(relay);
    if (found == NULL) {
        return coy_error_status();
    }
    int status = abi_bytes_check(message, size, "message", &error);
    status = status != STATUS_OK ? status : attach_error(found->attach, bytes, &error);
    return leave(found, status, &error);
}

int coy_relay_stop(coy_relay *relay)
{
    struct error error = {0};
    struct abi_relay *found = enter(relay);
    if (found == NULL) {
        return coy_error_status();
    }
    return leave(found, attach_stop(found->attach, &error), &error);
}

int coy_relay_fd(coy_relay *relay)
{
    struct error error = {0};
    struct abi_relay *found = enter(relay);
    if (found == NULL) {
        return coy_error_status();
    }
    return leave(found, attach_fd(found->attach, &error), &error);
}

void coy_relay_free(coy_relay *relay)
{
    struct abi_relay *found = handle_take(HANDLE_RELAY, relay);
    if (found != NULL && occupancy_end(&found->occupancy)) {
        abi_relay_free(found);
    }
}
