#include "payload/host/host_blocks.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { KEPT_MOST = 4 * 1024 * 1024 };

/* A sanitizer must notice who uses a block that is kept. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

/* Blocks are kept by their size: in steps of 16 bytes, as malloc makes them, so that those of a class
   are alike; from FINE_END on in sixteen steps to each doubling. */
enum { STEP = 16, FINE_LOG = 11, FINE_END = 1 << FINE_LOG, STEPS = 16 };
enum { LARGEST_LOG = 16, CLASSES = FINE_END / STEP + (LARGEST_LOG - FINE_LOG + 1) * STEPS };

struct spare {
    struct spare *next;
};

struct host_blocks {
    struct spare *kept[CLASSES];
    size_t kept_size; /* bytes in them */
    /* Blocks that other threads gave back: they only push, the host takes all at once. */
    _Atomic(struct spare *) returned;
    atomic_size_t returned_size; /* bytes in them, or a little more */
    atomic_size_t users;         /* the host, and each block that is lent */
};

struct host_blocks *host_blocks_new(void)
{
    struct host_blocks *blocks = calloc(1, sizeof *blocks);
    if (blocks != NULL) {
        atomic_store(&blocks->users, 1);
    }
    return blocks;
}

static size_t class_of(size_t usable)
{
    if (usable < FINE_END) {
        return usable / STEP;
    }
    size_t log = (size_t)(63 - __builtin_clzll((unsigned long long)usable));
    size_t step = (usable >> (log - 4)) - STEPS;
    return FINE_END / STEP + (log - FINE_LOG) * STEPS + step;
}

static bool is_kept(size_t usable)
{
    return usable >= sizeof(struct spare) && usable < (size_t)1 << (LARGEST_LOG + 1);
}

static void *take_from(struct host_blocks *blocks, size_t class, size_t size)
{
    struct spare *spare = blocks->kept[class];
    if (spare == NULL || malloc_usable_size(spare) < size) {
        return NULL;
    }
    blocks->kept[class] = spare->next;
    blocks->kept_size -= malloc_usable_size(spare);
    ASAN_UNPOISON_MEMORY_REGION(spare, malloc_usable_size(spare));
    return spare;
}

static void collect(struct host_blocks *blocks)
{
    struct spare *spare = atomic_exchange(&blocks->returned, NULL);
    atomic_store(&blocks->returned_size, 0);
    for (struct spare *next; spare != NULL; spare = next) {
        next = spare->next;
        host_blocks_give(blocks, spare);
    }
}

/* One of the same class that is large enough, or one of the next. */
static void *take_kept(struct host_blocks *blocks, size_t size)
{
    size_t class = class_of(size);
    void *block = take_from(blocks, class, size);
    return block != NULL || class + 1 >= CLASSES ? block : take_from(blocks, class + 1, size);
}

void *host_blocks_take(struct host_blocks *blocks, size_t size)
{
    if (size > HOST_BLOCK_LARGEST) {
        return malloc(size);
    }
    void *block = take_kept(blocks, size);
    if (block == NULL && atomic_load_explicit(&blocks->returned, memory_order_relaxed) != NULL) {
        collect(blocks);
        block = take_kept(blocks, size);
    }
    return block != NULL ? block
                         : malloc(size < sizeof(struct spare) ? sizeof(struct spare) : size);
}

void host_blocks_give(struct host_blocks *blocks, void *block)
{
    size_t size = malloc_usable_size(block);
    if (!is_kept(size) || blocks->kept_size + size > KEPT_MOST) {
        free(block);
        return;
    }
    struct spare *spare = block;
    size_t class = class_of(size);
    spare->next = blocks->kept[class];
    blocks->kept[class] = spare;
    blocks->kept_size += size;
    ASAN_POISON_MEMORY_REGION(spare + 1, size - sizeof *spare);
}

static void free_all(struct spare *spare)
{
    for (struct spare *next; spare != NULL; spare = next) {
        next = spare->next;
        free(spare);
    }
}

static void drop_user(struct host_blocks *blocks)
{
    if (atomic_fetch_sub(&blocks->users, 1) == 1) {
        free_all(atomic_exchange(&blocks->returned, NULL));
        free(blocks);
    }
}

void host_blocks_lend(struct host_blocks *blocks)
{
    atomic_fetch_add(&blocks->users, 1);
}

void host_blocks_return(struct host_blocks *blocks, void *block)
{
    size_t size = malloc_usable_size(block);
    if (!is_kept(size) || atomic_fetch_add(&blocks->returned_size, size) + size > KEPT_MOST) {
        free(block);
    } else {
        struct spare *spare = block;
        spare->next = atomic_load(&blocks->returned);
        while (!atomic_compare_exchange_weak(&blocks->returned, &spare->next, spare)) {
        }
    }
    drop_user(blocks);
}

void host_blocks_close(struct host_blocks *blocks)
{
    if (blocks == NULL) {
        return;
    }
    for (size_t class = 0; class < CLASSES; class ++) {
        free_all(blocks->kept[class]);
        blocks->kept[class] = NULL;
    }
    drop_user(blocks);
}
