#include "handle.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>

struct slot {
    uint32_t generation;
    enum handle_kind kind; /* HANDLE_NONE: free */
    void *object;
    uint32_t next_free;
};

/* Slot 0 stays unused: a handle is never NULL. */
static struct {
    pthread_mutex_t lock;
    struct slot *slots;
    uint32_t count;
    uint32_t first_free; /* 0: none */
} table = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* A child of a fork gets the table as it was between two changes, whatever other threads were at. */
static void lock_table(void)
{
    pthread_mutex_lock(&table.lock);
}

static void unlock_table(void)
{
    pthread_mutex_unlock(&table.lock);
}

__attribute__((constructor)) static void watch_forks(void)
{
    pthread_atfork(lock_table, unlock_table, unlock_table);
}

/* 31 bits of slot and 32 of generation where pointers have 64 bits; 20 and 12 where they have 32. */
#if UINTPTR_MAX > UINT32_MAX
enum { SLOT_BITS = 31, GENERATION_BITS = 32 };
#else
enum { SLOT_BITS = 20, GENERATION_BITS = 12 };
#endif

#define SLOT_MASK (((uintptr_t)1 << SLOT_BITS) - 1)
#define GENERATION_MASK (((uintptr_t)1 << GENERATION_BITS) - 1)

/* Where generations begin: elsewhere in each process, in each copy of the library and after each unload, so
   that neither a small number nor what another one has given out is taken for a handle. */
static uint32_t first_generation(void)
{
    uint32_t random = 0;
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const void *bytes = (const void *)getauxval(AT_RANDOM); // NOLINT(performance-no-int-to-ptr)
    if (bytes != NULL) {
        memcpy(&random, bytes, sizeof random);
    }
    uintptr_t place = (uintptr_t)&table >> 4;
    return random ^ ((uint32_t)place ^ (uint32_t)now.tv_nsec) * UINT32_C(2654435761);
}

static uint32_t slot_take(void)
{
    if (table.first_free != 0) {
        uint32_t index = table.first_free;
        table.first_free = table.slots[index].next_free;
        return index;
    }
    uint32_t count = table.count == 0 ? 16 : table.count * 2;
    if (count > SLOT_MASK) {
        return 0;
    }
    struct slot *slots = realloc(table.slots, count * sizeof *slots);
    if (slots == NULL) {
        return 0;
    }
    uint32_t first = table.count == 0 ? 1 : table.count;
    for (uint32_t i = count - 1; i >= first; i--) {
        slots[i] = (struct slot){.generation = first_generation(), .next_free = table.first_free};
        table.first_free = i;
    }
    table.slots = slots;
    table.count = count;
    return slot_take();
}

void *handle_new(enum handle_kind kind, void *object)
{
    void *handle = NULL;
    pthread_mutex_lock(&table.lock);
    uint32_t index = slot_take();
    if (index != 0) {
        struct slot *slot = &table.slots[index];
        slot->kind = kind;
        slot->object = object;
        uintptr_t generation = slot->generation & GENERATION_MASK;
        handle = (void *)(generation << SLOT_BITS | index); // NOLINT(performance-no-int-to-ptr)
    }
    pthread_mutex_unlock(&table.lock);
    return handle;
}

/* With the lock held. */
static struct slot *slot_find(enum handle_kind kind, const void *handle)
{
    uintptr_t value = (uintptr_t)handle;
    uintptr_t index = value & SLOT_MASK;
    if (index == 0 || index >= table.count) {
        return NULL;
    }
    struct slot *slot = &table.slots[index];
    uintptr_t generation = slot->generation & GENERATION_MASK;
    return slot->kind == kind && value >> SLOT_BITS == generation ? slot : NULL;
}

void *handle_find(enum handle_kind kind, const void *handle)
{
    pthread_mutex_lock(&table.lock);
    struct slot *slot = slot_find(kind, handle);
    void *object = slot == NULL ? NULL : slot->object;
    pthread_mutex_unlock(&table.lock);
    return object;
}

void *handle_take(enum handle_kind kind, const void *handle)
{
    void *object = NULL;
    pthread_mutex_lock(&table.lock);
    struct slot *slot = slot_find(kind, handle);
    if (slot != NULL) {
        object = slot->object;
        slot->object = NULL;
        slot->kind = HANDLE_NONE;
        slot->generation++;
        slot->next_free = table.first_free;
        table.first_free = (uint32_t)(slot - table.slots);
    }
    pthread_mutex_unlock(&table.lock);
    return object;
}

void handle_unload(void (*end)(enum handle_kind kind, void *object))
{
    for (uint32_t i = 1; i < table.count; i++) {
        if (table.slots[i].kind != HANDLE_NONE) {
            end(table.slots[i].kind, table.slots[i].object);
        }
    }
    free(table.slots);
    table.slots = NULL;
    table.count = 0;
    table.first_free = 0;
}

int handle_error(enum handle_kind kind, const void *handle, struct error *error)
{
    static const char *const names[] = {
        [HANDLE_CONFIG] = "coy_config", [HANDLE_LOG_LINE] = "coy_log_line",
        [HANDLE_POOL] = "coy_pool",     [HANDLE_REPLY] = "coy_reply",
        [HANDLE_SERVER] = "coy_server", [HANDLE_SOURCE] = "coy_source",
        [HANDLE_RELAY] = "coy_relay",
    };
    const char *name = names[kind];
    if (handle == NULL) {
        return error_set(error, STATUS_EHANDLE,
                         "the %s is NULL: did the call that should have made it fail?", name);
    }
    return error_set(error, STATUS_EHANDLE, "this is no live %s: it was freed, or never was one",
                     name);
}
