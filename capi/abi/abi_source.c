/* Group: source. */
#include <stdlib.h>

#include "abi_check.h"
#include "abi_reply.h"
#include "abi_server.h"
#include "handle.h"
#include "last_error.h"

_Static_assert((int)COY_SERVICE_IDLE == (int)HOST_SOURCE_IDLE &&
                   (int)COY_SERVICE_SERVING == (int)HOST_SOURCE_SERVING &&
                   (int)COY_SERVICE_ENDED == (int)HOST_SOURCE_ENDED &&
                   (int)COY_SERVICE_ABSENT == (int)HOST_SOURCE_ABSENT,
               "bindings.h and source/host/host_source.h differ");

struct abi_source *abi_source_find(coy_source *source)
{
    struct error error = {0};
    struct abi_source *found = handle_find(HANDLE_SOURCE, source);
    int status = found == NULL ? handle_error(HANDLE_SOURCE, source, &error)
                               : server_host_own(found->server->host, &error);
    last_error_keep(status, &error);
    return status == STATUS_OK ? found : NULL;
}

/* Where memory runs out the kind stays registered, without anybody to bring its events. */
coy_source *abi_source_make(struct abi_server *server, struct host_source *events,
                            struct error *error)
{
    struct abi_source *source = calloc(1, sizeof *source);
    void *handle = source == NULL ? NULL : handle_new(HANDLE_SOURCE, source);
    if (handle == NULL) {
        free(source);
        error_memory(error);
        return NULL;
    }
    *source = (struct abi_source){.server = server, .events = events, .handle = handle};
    list_append(&server->sources, &source->node);
    return handle;
}

void abi_sources_free(struct abi_server *server)
{
    for (struct list_node *node; (node = list_take_first(&server->sources)) != NULL;) {
        struct abi_source *source = container_of(node, struct abi_source, node);
        handle_take(HANDLE_SOURCE, source->handle);
        free(source);
    }
}

/* --- before the first step --- */

int coy_source_set_schema(coy_source *source, const char *schema)
{
    struct error error = {0};
    struct abi_source *found = abi_source_find(source);
    if (found == NULL) {
        return coy_error_status();
    }
    int status = abi_text_check(schema, "schema", &error);
    status = status != STATUS_OK ? status : server_host_open(found->server->host, &error);
    status = status != STATUS_OK ? status : host_source_set_schema(found->events, schema, &error);
    return last_error_keep(status, &error);
}

int coy_source_set_environment(coy_source *source, const char *name, const char *value)
{
    struct error error = {0};
    struct abi_source *found = abi_source_find(source);
    if (found == NULL) {
        return coy_error_status();
    }
    int status = abi_text_check(name, "name", &error);
    status = status != STATUS_OK ? status : abi_text_check(value, "value", &error);
    status = status != STATUS_OK ? status : server_host_open(found->server->host, &error);
    status =
        status != STATUS_OK ? status : host_source_set_variable(found->events, name, value, &error);
    return last_error_keep(status, &error);
}

const char *coy_source_section(coy_source *source)
{
    struct error error = {0};
    struct abi_source *found = abi_source_find(source);
    if (found == NULL) {
        return NULL;
    }
    const char *section = server_host_section(found->server->host, found->events, &error);
    last_error_keep(error.status, &error);
    return section;
}

int coy_source_disable(coy_source *source)
{
    struct error error = {0};
    struct abi_source *found = abi_source_find(source);
    return found == NULL
               ? coy_error_status()
               : last_error_keep(server_host_disable(found->server->host, found->events, &error),
                                 &error);
}

/* --- events --- */

int coy_source_set_capacity(coy_source *source, int64_t events)
{
    struct error error = {0};
    struct abi_source *found = abi_source_find(source);
    return found == NULL
               ? coy_error_status()
               : last_error_keep(host_source_set_capacity(found->events, events, &error), &error);
}

int coy_source_state(coy_source *source)
{
    struct abi_source *found = abi_source_find(source);
    return found == NULL ? coy_error_status() : (int)host_source_state(found->events);
}

int64_t coy_source_room(coy_source *source)
{
    struct abi_source *found = abi_source_find(source);
    return found == NULL ? coy_error_status() : (int64_t)host_source_room(found->events);
}

static int set_bytes(coy_source *source, struct bytes bytes, const char *name,
                     int (*set)(struct host_source *source, struct bytes bytes,
                                struct error *error))
{
    struct error error = {0};
    struct abi_source *found = abi_source_find(source);
    if (found == NULL) {
        return coy_error_status();
    }
    int status = abi_bytes_check(bytes.data, bytes.size, name, &error);
    status = status != STATUS_OK ? status : set(found->events, bytes, &error);
    return last_error_keep(status, &error);
}

int coy_source_set_id(coy_source *source, const void *id, size_t size)
{
    return set_bytes(source, (struct bytes){id, size}, "id", host_source_set_id);
}

int coy_source_set_key(coy_source *source, const void *key, size_t size)
{
    return set_bytes(source, (struct bytes){key, size}, "key", host_source_set_key);
}

int coy_source_set_attempt(coy_source *source, int64_t attempt)
{
    struct error error = {0};
    struct abi_source *found = abi_source_find(source);
    return found == NULL
               ? coy_error_status()
               : last_error_keep(host_source_set_attempt(found->events, attempt, &error), &error);
}

int64_t coy_source_push(coy_source *source, const void *context, size_t context_size,
                        const void *body, size_t body_size)
{
    struct error error = {0};
    const struct payload payload = {{context, context_size}, {body, body_size}};
    struct abi_source *found = abi_source_find(source);
    if (found == NULL) {
        return coy_error_status();
    }
    int64_t number = abi_bytes_check(context, context_size, "context", &error);
    number = number != STATUS_OK ? number : abi_bytes_check(body, body_size, "body", &error);
    number = number != STATUS_OK ? number : host_source_push(found->events, &payload, &error);
    if (number < 0) {
        last_error_keep((int)number, &error);
    }
    return number;
}

coy_reply *coy_source_next_settled(coy_source *source, int64_t timeout_ms)
{
    struct error error = {0};
    struct taken_reply *reply = NULL;
    struct abi_source *found = abi_source_find(source);
    if (found == NULL) {
        return NULL;
    }
    occupancy_enter(&found->server->occupancy);
    int status = server_host_next(found->server->host, found->events, timeout_ms, &reply, &error);
    abi_server_leave(found->server);
    return abi_reply_hand_out(status, reply, &error);
}

int coy_source_end(coy_source *source)
{
    struct abi_source *found = abi_source_find(source);
    if (found == NULL) {
        return coy_error_status();
    }
    host_source_end(found->events);
    return COY_OK;
}

int coy_source_fail(coy_source *source, const char *reason)
{
    struct error error = {0};
    struct abi_source *found = abi_source_find(source);
    if (found == NULL) {
        return coy_error_status();
    }
    int status = abi_text_check(reason, "reason", &error);
    status = status != STATUS_OK
                 ? status
                 : server_host_fail(found->server->host, found->events, reason, &error);
    return last_error_keep(status, &error);
}
