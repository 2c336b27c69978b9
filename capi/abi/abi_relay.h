/* What a coy_relay stands for. */
#ifndef COYOTE_ABI_ABI_RELAY_H
#define COYOTE_ABI_ABI_RELAY_H

struct abi_relay;

/* Frees it, unless a thread waits inside. */
void abi_relay_unload(struct abi_relay *relay);

#endif
