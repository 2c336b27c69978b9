/* At the end of the process, or where PHP's FFI unloads the library: what a host has forgotten to
   free goes too, its worker processes before all. */
#include "abi_config.h"
#include "abi_pool.h"
#include "abi_relay.h"
#include "abi_server.h"
#include "handle.h"
#include "last_error.h"

static void end(enum handle_kind kind, void *object)
{
    if (kind == HANDLE_POOL) {
        abi_pool_unload(object);
    } else if (kind == HANDLE_SERVER) {
        abi_server_unload(object);
    } else if (kind == HANDLE_REPLY) {
        taken_reply_free(object);
    } else if (kind == HANDLE_CONFIG) {
        abi_config_free(object);
    } else if (kind == HANDLE_RELAY) {
        abi_relay_unload(object);
    }
}

__attribute__((destructor)) static void unload(void)
{
    handle_unload(end);
    last_error_unload();
}
