/* Memory for jobs and replies of one host, used again: so that in the long run an exec allocates
   nothing. What is larger than HOST_BLOCK_LARGEST is left to malloc. */
#ifndef COYOTE_PAYLOAD_HOST_HOST_BLOCKS_H
#define COYOTE_PAYLOAD_HOST_HOST_BLOCKS_H

#include <stddef.h>

enum { HOST_BLOCK_LARGEST = 64 * 1024 };

struct host_blocks;

/* NULL when memory ran out. */
struct host_blocks *host_blocks_new(void);

/* A block of `size` bytes or more; NULL when memory ran out. Of the host's thread alone, as the
   next one. */
void *host_blocks_take(struct host_blocks *blocks, size_t size);
void host_blocks_give(struct host_blocks *blocks, void *block);

/* The same from any thread, for a block that has been lent. */
void host_blocks_lend(struct host_blocks *blocks);
void host_blocks_return(struct host_blocks *blocks, void *block);

/* The host is gone: the last block that has been lent frees the rest. */
void host_blocks_close(struct host_blocks *blocks);

#endif
